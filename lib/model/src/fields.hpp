#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>

#include "agentpipe/model/event.hpp"
#include "agentpipe/model/limits.hpp"

/// Which key of the wire goes into which member: the tables that reading and writing share.
namespace agentpipe::model {

enum class Rule : unsigned char {
  id,       ///< [A-Za-z0-9._:-]{1,128}
  label,    ///< a short text; longer than k_max_label is refused
  text,     ///< a long text; longer than k_max_text is cut
  content,  ///< a message; longer than k_max_content is refused
  value,    ///< numbers, nested objects
  object,   ///< JSON that is carried: must be an object
  array,    ///< JSON that is carried: must be an array
};

template <class T, class Member>
struct Field {
  std::string_view key;
  Member T::*member;
  Rule rule;
  std::array<std::string_view, 3> aliases{};

  constexpr Field alias(std::string_view a, std::string_view b = {}, std::string_view c = {}) const {
    return {key, member, rule, {a, b, c}};
  }
  [[nodiscard]] constexpr bool has_alias(std::string_view name) const {
    return !name.empty() && (name == aliases[0] || name == aliases[1] || name == aliases[2]);
  }
};

template <class T, class Member>
constexpr Field<T, Member> field(std::string_view key, Member T::*member, Rule rule = Rule::value) {
  return {key, member, rule};
}

template <class T>
struct Fields;

template <>
struct Fields<Participant> {
  using T = Participant;
  static constexpr auto rows = std::tuple{
      field("agent_id", &T::agent_id, Rule::label).alias("agentId", "id"),
      field("agent_type", &T::agent_type, Rule::label).alias("agentType", "type"),
      field("agent_version", &T::agent_version, Rule::label).alias("agentVersion"),
      field("model", &T::model, Rule::label),
      field("name", &T::name, Rule::label).alias("agent_name", "agentName"),
      field("prompt", &T::prompt, Rule::text),
      field("cli_version", &T::cli_version, Rule::label).alias("cliVersion"),
      field("announcement", &T::announcement, Rule::text),
      field("settings", &T::settings, Rule::object),
  };
};

template <>
struct Fields<Summary> {
  using T = Summary;
  static constexpr auto rows = std::tuple{
      field("short_text", &T::short_text, Rule::text).alias("shortText", "short_summary"),
      field("text", &T::text, Rule::text).alias("summary"),
      field("agent_type", &T::agent_type, Rule::label).alias("agentType"),
      field("model", &T::model, Rule::label),
      field("input_tokens", &T::input_tokens).alias("inputTokens"),
      field("output_tokens", &T::output_tokens).alias("outputTokens"),
      field("total_tokens", &T::total_tokens).alias("totalTokens"),
      field("cost", &T::cost),
      field("duration_ms", &T::duration_ms).alias("duration", "durationMs"),
  };
};

template <>
struct Fields<BridgeConnected> {
  using T = BridgeConnected;
  static constexpr auto rows = std::tuple{
      field("connected_at", &T::connected_at, Rule::label).alias("connectedAt"),
      field("system_info", &T::system_info, Rule::object).alias("systemInfo"),
      field("client", &T::client, Rule::object),
      field("machine", &T::machine, Rule::label),
  };
};

template <>
struct Fields<BridgeTest> {
  using T = BridgeTest;
  static constexpr auto rows = std::tuple{
      field("message", &T::message, Rule::text),
      field("system_info", &T::system_info, Rule::object).alias("systemInfo"),
      field("client", &T::client, Rule::object),
      field("machine", &T::machine, Rule::label),
  };
};

template <>
struct Fields<ConversationStarted> {
  using T = ConversationStarted;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id).alias("conversationId", "id"),
      field("mode", &T::mode, Rule::label),
      field("initial_prompt", &T::initial_prompt, Rule::text).alias("initialPrompt"),
      field("max_turns", &T::max_turns).alias("maxTurns"),
      field("participants", &T::participants).alias("agents"),
      field("system_info", &T::system_info, Rule::object).alias("systemInfo"),
      field("command", &T::command, Rule::object),
      field("name", &T::name, Rule::label),
      field("source_format", &T::source_format, Rule::label).alias("sourceFormat"),
      field("machine", &T::machine, Rule::label),
      field("cwd", &T::cwd, Rule::text),
      field("git_branch", &T::git_branch, Rule::label).alias("gitBranch"),
      field("parent_conversation_id", &T::parent_conversation_id, Rule::id).alias("parentConversationId"),
      field("parent_message_id", &T::parent_message_id, Rule::id).alias("parentMessageId"),
      field("client", &T::client, Rule::object),
      field("metadata", &T::metadata, Rule::object),
  };
};

template <>
struct Fields<MessageCreated> {
  using T = MessageCreated;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id).alias("conversationId"),
      field("message_id", &T::message_id, Rule::id).alias("messageId", "id"),
      field("agent_id", &T::agent_id, Rule::label).alias("agentId"),
      field("agent_type", &T::agent_type, Rule::label).alias("agentType"),
      field("agent_name", &T::agent_name, Rule::label).alias("agentName"),
      field("agent_version", &T::agent_version, Rule::label).alias("agentVersion"),
      field("role", &T::role, Rule::label),
      field("content", &T::content, Rule::content),
      field("sequence_number", &T::sequence_number).alias("sequenceNumber"),
      field("turn_number", &T::turn_number).alias("turnNumber"),
      field("tokens_used", &T::tokens_used).alias("tokensUsed", "totalTokens", "total_tokens"),
      field("input_tokens", &T::input_tokens).alias("inputTokens"),
      field("output_tokens", &T::output_tokens).alias("outputTokens"),
      field("cache_read_tokens", &T::cache_read_tokens).alias("cacheReadTokens"),
      field("cache_write_tokens", &T::cache_write_tokens).alias("cacheWriteTokens"),
      field("reasoning_tokens", &T::reasoning_tokens).alias("reasoningTokens"),
      field("cost", &T::cost),
      field("cost_kind", &T::cost_kind, Rule::label).alias("costKind"),
      field("model", &T::model, Rule::label),
      field("duration_ms", &T::duration_ms).alias("durationMs", "duration"),
      field("parent_message_id", &T::parent_message_id, Rule::id).alias("parentMessageId"),
      field("machine", &T::machine, Rule::label),
      field("parts", &T::parts, Rule::array),
      field("metadata", &T::metadata, Rule::object),
      field("client", &T::client, Rule::object),
  };
};

template <>
struct Fields<ConversationCompleted> {
  using T = ConversationCompleted;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id).alias("conversationId", "id"),
      field("status", &T::status),
      field("total_messages", &T::total_messages).alias("totalMessages"),
      field("total_turns", &T::total_turns).alias("totalTurns"),
      field("total_tokens", &T::total_tokens).alias("totalTokens"),
      field("total_cost", &T::total_cost).alias("totalCost"),
      field("duration_seconds", &T::duration_seconds).alias("durationSeconds"),
      field("summary", &T::summary),
      field("machine", &T::machine, Rule::label),
      field("client", &T::client, Rule::object),
  };
};

template <>
struct Fields<ConversationError> {
  using T = ConversationError;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id).alias("conversationId", "id"),
      field("error_message", &T::error_message, Rule::text).alias("errorMessage", "error", "message"),
      field("error_type", &T::error_type, Rule::label).alias("errorType", "errorCode"),
      field("agent_type", &T::agent_type, Rule::label).alias("agentType"),
      field("agent_id", &T::agent_id, Rule::label).alias("agentId"),
      field("machine", &T::machine, Rule::label),
      field("client", &T::client, Rule::object),
  };
};

template <>
struct Fields<ConversationUpdated> {
  using T = ConversationUpdated;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id).alias("conversationId", "id"),
      field("name", &T::name, Rule::label),
      field("git_branch", &T::git_branch, Rule::label).alias("gitBranch"),
      field("total_messages", &T::total_messages).alias("totalMessages"),
      field("total_tokens", &T::total_tokens).alias("totalTokens"),
      field("total_cost", &T::total_cost).alias("totalCost"),
      field("status", &T::status, Rule::label),
      field("machine", &T::machine, Rule::label),
      field("client", &T::client, Rule::object),
  };
};

template <>
struct Fields<LogEntry> {
  using T = LogEntry;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id).alias("conversationId"),
      field("level", &T::level, Rule::label),
      field("agent_id", &T::agent_id, Rule::label).alias("agentId"),
      field("agent_name", &T::agent_name, Rule::label).alias("agentName"),
      field("agent_type", &T::agent_type, Rule::label).alias("agentType"),
      field("content", &T::content, Rule::content).alias("message"),
      field("role", &T::role, Rule::label),
      field("metrics", &T::metrics, Rule::object),
      field("metadata", &T::metadata, Rule::object),
      field("machine", &T::machine, Rule::label),
      field("client", &T::client, Rule::object),
  };
};

template <>
struct Fields<ConversationDeleted> {
  using T = ConversationDeleted;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id),
  };
};

template <>
struct Fields<TurnMarker> {
  using T = TurnMarker;
  static constexpr auto rows = std::tuple{
      field("conversation_id", &T::conversation_id, Rule::id).alias("conversationId", "id"),
  };
};

}  // namespace agentpipe::model
