#pragma once

#include "fields.hpp"

namespace agentpipe::model {

/// Durations are milliseconds in a document and seconds in an event.
inline constexpr double k_ms_per_second = 1000;

/// What stands beside the members of an event's body in an entry of a document.
inline bool is_entry_key(std::string_view name) {
  return name == "timestamp" || name == "type";
}

/// The head of an upload document: `conversation` (snake case) or `session` (camel case).
struct UploadHead {
  std::string id;
  OptionalText name;
  std::string mode;
  std::string initial_prompt;
  OptionalInt max_turns;
  std::optional<base::Timestamp> started_at;
  std::optional<base::Timestamp> completed_at;
  Status status = Status::completed;
  OptionalInt total_messages;
  OptionalInt total_turns;
  OptionalInt total_tokens;
  OptionalDouble total_cost;
  OptionalInt total_duration;  ///< ms
  Json system_info;
  Json command;
  OptionalText source_format;
  OptionalText machine;
  OptionalText cwd;
  OptionalText git_branch;
  OptionalText parent_conversation_id;
  OptionalText parent_message_id;
  std::optional<Summary> summary;
  Json client;
  Json metadata;
  Json extra;
};

template <>
struct Fields<UploadHead> {
  using T = UploadHead;
  static constexpr auto rows = std::tuple{
      field("id", &T::id, Rule::id).alias("conversation_id", "conversationId"),
      field("name", &T::name, Rule::label),
      field("mode", &T::mode, Rule::label),
      field("initial_prompt", &T::initial_prompt, Rule::text).alias("initialPrompt"),
      field("max_turns", &T::max_turns).alias("maxTurns"),
      field("started_at", &T::started_at).alias("startedAt"),
      field("completed_at", &T::completed_at).alias("completedAt"),
      field("status", &T::status),
      field("total_messages", &T::total_messages).alias("totalMessages"),
      field("total_turns", &T::total_turns).alias("totalTurns"),
      field("total_tokens", &T::total_tokens).alias("totalTokens"),
      field("total_cost", &T::total_cost).alias("totalCost"),
      field("total_duration", &T::total_duration).alias("totalDuration"),
      field("system_info", &T::system_info, Rule::object).alias("systemInfo"),
      field("command", &T::command, Rule::object),
      field("source_format", &T::source_format, Rule::label).alias("sourceFormat"),
      field("machine", &T::machine, Rule::label),
      field("cwd", &T::cwd, Rule::text),
      field("git_branch", &T::git_branch, Rule::label).alias("gitBranch"),
      field("parent_conversation_id", &T::parent_conversation_id, Rule::id).alias("parentConversationId"),
      field("parent_message_id", &T::parent_message_id, Rule::id).alias("parentMessageId"),
      field("summary", &T::summary),
      field("client", &T::client, Rule::object),
      field("metadata", &T::metadata, Rule::object),
  };
};

}  // namespace agentpipe::model
