#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/event.hpp"

/// The JSON that the Go CLI writes with its own field names (PascalCase, Unix seconds, nanoseconds): states,
/// exports, the lines of JSON chat logs. Only what may leave the machine has a field here; keys, endpoints,
/// limits and custom settings of its configuration are never read. Zero means absent throughout. Text is
/// clean (see clean.hpp).
namespace agentpipe::formats {

struct GoMessage {
  std::string agent_id;
  std::string agent_name;
  std::string agent_type;
  std::string content;
  std::string role;
  std::optional<base::Timestamp> at;
  model::OptionalInt duration_ms;
  model::OptionalInt input_tokens;
  model::OptionalInt output_tokens;
  model::OptionalInt total_tokens;
  model::OptionalDouble cost;
  std::string model;
};

struct GoAgent {
  std::string id;
  std::string type;
  std::string name;
  std::string prompt;
  std::string announcement;
  std::string model;
};

struct GoDocument {
  std::vector<GoMessage> messages;
  std::vector<std::uint64_t> unreadable;  ///< places (from 1) in "messages" that hold no message

  // A state's configuration and metadata.
  std::vector<GoAgent> agents;
  std::string mode;
  std::string initial_prompt;
  std::string summary_agent;
  model::OptionalInt max_turns;
  std::string description;
  std::string short_text;
  std::string text;
  model::OptionalInt total_duration_ms;

  // An export's.
  std::string title;

  // Either's claim about itself.
  model::OptionalInt total_messages;
  model::OptionalInt total_tokens;
  model::OptionalDouble total_cost;
};

/// A state or an export. Error `invalid` when it is no JSON object with an array "messages".
base::Result<GoDocument> parse_go_document(std::string_view json);
/// One line of a JSON chat log. Error `invalid`.
base::Result<GoMessage> parse_go_message(std::string_view json);

}  // namespace agentpipe::formats
