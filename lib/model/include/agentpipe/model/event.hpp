#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agentpipe/base/time.hpp"

/// The events of the agentpipe protocol, as both ends speak it. Field names are the wire's; a field that a
/// sender may leave out is optional. What we have no name for is kept in `extra`.
namespace agentpipe::model {

/// The text of a JSON value that is carried, not interpreted; empty when absent. Always valid, minified JSON.
struct Json {
  std::string text;
  [[nodiscard]] bool empty() const { return text.empty(); }
  bool operator==(const Json&) const = default;
};

using OptionalInt = std::optional<std::int64_t>;
using OptionalDouble = std::optional<double>;
using OptionalText = std::optional<std::string>;

struct Participant {
  std::string
      agent_id;  ///< never empty after decoding: derived as "<type>-<index>" when the sender left it out
  std::string agent_type;
  OptionalText agent_version;
  OptionalText model;
  OptionalText name;
  OptionalText prompt;
  OptionalText cli_version;
  OptionalText announcement;
  Json settings;
  Json extra;
  bool operator==(const Participant&) const = default;
};

struct Summary {
  OptionalText short_text;
  std::string text;
  OptionalText agent_type;
  OptionalText model;
  OptionalInt input_tokens;
  OptionalInt output_tokens;
  OptionalInt total_tokens;
  OptionalDouble cost;  ///< USD
  OptionalInt duration_ms;
  Json extra;
  bool operator==(const Summary&) const = default;
};

/// One run of a client said hello. Belongs to no conversation.
struct BridgeConnected {
  OptionalText connected_at;
  Json system_info;
  Json client;
  OptionalText machine;
  Json extra;
  bool operator==(const BridgeConnected&) const = default;
};

/// A connection test; nothing is stored.
struct BridgeTest {
  OptionalText message;
  Json system_info;
  Json client;
  OptionalText machine;
  Json extra;
  bool operator==(const BridgeTest&) const = default;
};

struct ConversationStarted {
  std::string conversation_id;
  std::string mode;  ///< "round-robin", "reactive", "free-form", or what the sender calls it
  std::string initial_prompt;
  OptionalInt max_turns;  ///< absent or 0: unlimited
  std::vector<Participant> participants;
  Json system_info;
  Json command;
  OptionalText name;
  OptionalText source_format;  ///< the table name of the format that was read: "claude-code", …
  OptionalText machine;
  OptionalText cwd;
  OptionalText git_branch;
  OptionalText parent_conversation_id;
  OptionalText parent_message_id;
  Json client;
  Json metadata;
  Json extra;
  bool operator==(const ConversationStarted&) const = default;
};

/// `metadata` of a message that was told before and comes again because now it is known better what it used.
/// Only for servers that know messages by their ids.
inline constexpr std::string_view k_account_again = R"({"account":"again"})";

struct MessageCreated {
  std::string conversation_id;
  std::string
      message_id;  ///< never empty after decoding: derived from the message when the sender left it out
  std::string
      agent_id;  ///< empty when the sender left it out; the store finds the participant or derives one
  std::string agent_type;
  OptionalText agent_name;
  OptionalText agent_version;
  std::string role;  ///< "agent" unless the sender says otherwise: "user", "system", "assistant", …
  std::string content;
  OptionalInt sequence_number;
  OptionalInt turn_number;
  OptionalInt tokens_used;
  OptionalInt input_tokens;
  OptionalInt output_tokens;
  OptionalInt cache_read_tokens;
  OptionalInt cache_write_tokens;
  OptionalInt reasoning_tokens;
  OptionalDouble cost;  ///< USD; absent: unknown
  OptionalText cost_kind;
  OptionalText model;
  OptionalInt duration_ms;
  OptionalText parent_message_id;
  OptionalText machine;
  Json parts;
  Json metadata;
  Json client;
  Json extra;
  bool operator==(const MessageCreated&) const = default;
};

/// How a conversation stands. ACTIVE until somebody says otherwise.
enum class Status : unsigned char { active, completed, interrupted, error };

/// "ACTIVE", "COMPLETED", "INTERRUPTED", "ERROR"
std::string_view to_string(Status status);
/// Any case; "cancelled" counts as interrupted, "failed" as error.
std::optional<Status> parse_status(std::string_view text);

struct ConversationCompleted {
  std::string conversation_id;
  Status status = Status::completed;
  OptionalInt total_messages;
  OptionalInt total_turns;
  OptionalInt total_tokens;
  OptionalDouble total_cost;
  OptionalDouble duration_seconds;
  std::optional<Summary> summary;
  OptionalText machine;
  Json client;
  Json extra;
  bool operator==(const ConversationCompleted&) const = default;
};

/// One agent turn failed; the conversation goes on.
struct ConversationError {
  std::string conversation_id;
  std::string error_message;
  OptionalText error_type;
  OptionalText agent_type;
  OptionalText agent_id;
  OptionalText machine;
  Json client;
  Json extra;
  bool operator==(const ConversationError&) const = default;
};

/// Late facts about a conversation.
struct ConversationUpdated {
  std::string conversation_id;
  OptionalText name;
  OptionalText git_branch;
  OptionalInt total_messages;
  OptionalInt total_tokens;
  OptionalDouble total_cost;
  OptionalText
      status;  ///< "INTERRUPTED", "ACTIVE", …: concluded from silence or new life, not told by the agents
  OptionalText machine;
  Json client;
  Json extra;
  bool operator==(const ConversationUpdated&) const = default;
};

/// A line beside the conversation: a join notice, the host's words, a diagnostic. Not a message, never
/// counted.
struct LogEntry {
  std::string conversation_id;
  std::string level;  ///< "message", "error", "system", or a logger's level
  OptionalText agent_id;
  OptionalText agent_name;
  OptionalText agent_type;
  OptionalText role;
  std::string content;
  Json metrics;
  Json metadata;
  OptionalText machine;
  Json client;
  Json extra;
  bool operator==(const LogEntry&) const = default;
};

/// turn.started, turn.completed: passed on to watchers, never stored.
struct TurnMarker {
  enum class Kind : unsigned char { started, completed } kind = Kind::started;
  std::string conversation_id;
  Json extra;
  bool operator==(const TurnMarker&) const = default;
};

/// A conversation was removed with all that belongs to it. Made by the server only.
struct ConversationDeleted {
  std::string conversation_id;
  Json extra;
  bool operator==(const ConversationDeleted&) const = default;
};

using Body =
    std::variant<BridgeConnected, BridgeTest, ConversationStarted, MessageCreated, ConversationCompleted,
                 ConversationError, ConversationUpdated, LogEntry, TurnMarker, ConversationDeleted>;

struct Event {
  base::Timestamp at;
  Body body;
  bool operator==(const Event&) const = default;
};

/// The wire's name: "message.created", …
std::string_view type_name(const Event& event);
/// Empty for events that belong to no conversation (bridge.connected, bridge.test).
const std::string& conversation_id(const Event& event);
/// Empty for events that are no messages.
const std::string& message_id(const Event& event);

}  // namespace agentpipe::model
