#pragma once

#include <string>
#include <vector>

#include "agentpipe/model/event.hpp"

/// What the server keeps and shows: the projections of the log.
namespace agentpipe::model {

/// Sums over stored rows.
struct Totals {
  std::int64_t messages = 0;
  std::int64_t tokens = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cache_read_tokens = 0;
  std::int64_t cache_write_tokens = 0;
  std::int64_t reasoning_tokens = 0;
  std::optional<double> cost;    ///< USD; nothing when no message carries a cost
  std::int64_t duration_ms = 0;  ///< sum of the messages' own durations
  std::int64_t errors = 0;
  bool operator==(const Totals&) const = default;
};

/// What the client claimed at the end; shown beside our own sums, never mixed with them.
struct Reported {
  OptionalInt messages;
  OptionalInt turns;
  OptionalInt tokens;
  OptionalDouble cost;
  OptionalInt duration_ms;
  [[nodiscard]] bool empty() const { return *this == Reported{}; }
  bool operator==(const Reported&) const = default;
};

struct Session {
  std::string id;
  std::string name;  ///< empty: show the first line of the prompt
  std::string mode;
  Status status = Status::active;
  bool status_inferred = false;  ///< INTERRUPTED because nothing came for long, not because somebody said so
  std::string source;            ///< "cli-stream", "cli-upload", "web"
  OptionalText source_format;
  OptionalText machine;
  base::Timestamp started_at;
  std::optional<base::Timestamp> completed_at;
  base::Timestamp created_at;     ///< first event received
  base::Timestamp updated_at;     ///< last event received
  base::Timestamp last_event_at;  ///< newest event time, as the client says
  std::string initial_prompt;
  OptionalInt max_turns;
  OptionalText error_message;  ///< the newest one
  Totals totals;
  Reported reported;
  std::optional<Summary> summary;
  std::vector<Participant> participants;
  Json system_info;
  Json command;
  Json metadata;
  OptionalText cwd;
  OptionalText git_branch;
  OptionalText parent_conversation_id;
};

struct Message {
  std::int64_t log_number = 0;  ///< number of its event in the log
  std::int64_t sequence = 0;    ///< place in the conversation, from 1; unique only together with log_number
  base::Timestamp at;
  MessageCreated body;  ///< agent_id, agent_name and sequence_number always filled in
};

/// A note between messages: log.entry or conversation.error.
struct Note {
  std::int64_t log_number = 0;
  std::int64_t after_sequence = 0;  ///< sequence of the last message before it; 0: before the first
  Event event;
};

/// The objects of the HTTP interface (product.md section 4, camelCase).
std::string to_json(const Session& session);
std::string to_json(const Message& message);
std::string to_json(const Note& note);

}  // namespace agentpipe::model
