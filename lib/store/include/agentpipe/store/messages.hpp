#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/model/logged.hpp"
#include "agentpipe/model/records.hpp"
#include "agentpipe/store/direction.hpp"

namespace agentpipe::store {

using model::LogNumber;

/// A place between messages: messages are ordered by (sequence, log number).
struct MessagePlace {
  std::int64_t sequence = 0;
  LogNumber number = 0;

  /// Behind every message with that sequence number.
  static MessagePlace end_of(std::int64_t sequence) {
    return {sequence, std::numeric_limits<LogNumber>::max()};
  }
};

struct MessageQuery {
  std::string session_id = {};
  std::optional<MessagePlace> after = {};   // exclusive
  std::optional<MessagePlace> before = {};  // exclusive
  Direction direction =
      Direction::ascending;  // from which end the limit counts; the answer is always oldest first
  std::int64_t limit = 100;
};

struct MessagePage {
  std::vector<model::Message> messages;  // oldest first
  std::int64_t total = 0;                // of the session
  bool more_before = false;
  bool more_after = false;
  LogNumber as_of = 0;
};

/// What a rail beside the transcript needs of a message.
struct OutlineItem {
  std::int64_t sequence = 0;
  std::string message_id, agent_id, agent_name, agent_type, role;
  base::Timestamp at;
  model::OptionalInt tokens;
  model::OptionalDouble cost;
  model::OptionalInt duration_ms;
  std::string head;    ///< the first characters of its content
  bool error = false;  ///< a conversation.error was logged right behind it
};

struct Outline {
  std::vector<OutlineItem> items;  // oldest first
  std::int64_t total = 0;          // of the session
};

struct OutlineQuery {
  std::string session_id;
  std::int64_t after_sequence = -1;  // exclusive
  std::int64_t limit = 5000;
};

/// A message that holds a text.
struct Finding {
  std::int64_t sequence = 0;
  std::string message_id;
  std::int64_t count = 0;
};

struct Findings {
  std::vector<Finding> hits;  // oldest first
  std::int64_t total = 0;     // messages that hold it, beyond the limit too
};

}  // namespace agentpipe::store
