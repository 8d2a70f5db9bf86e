#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/records.hpp"

namespace agentpipe::model {

namespace {

constexpr std::size_t k_title_characters = 120;

std::string title_of(const Session& session) {
  if (!session.name.empty()) return session.name;
  const auto prompt = base::one_line(session.initial_prompt, k_title_characters);
  return prompt.empty() ? "Session of " + base::format_rfc3339(session.started_at) : prompt;
}

void field_json(JsonWriter& writer, std::string_view name, const Json& json) {
  writer.key(name);
  json.empty() ? writer.null() : writer.raw(json.text);
}

void write_participant(JsonWriter& writer, const Participant& participant) {
  writer.begin_object()
      .field("agentId", participant.agent_id)
      .field("agentType", participant.agent_type)
      .field("agentName", participant.name.value_or(participant.agent_type))
      .field("agentVersion", participant.agent_version)
      .field("model", participant.model)
      .field("prompt", participant.prompt)
      .field("announcement", participant.announcement)
      .field("cliVersion", participant.cli_version);
  field_json(writer, "settings", participant.settings);
  writer.end_object();
}

void write_summary(JsonWriter& writer, const std::optional<Summary>& summary) {
  writer.key("summary");
  if (!summary) {
    writer.null();
    return;
  }
  writer.begin_object()
      .field("shortText", summary->short_text)
      .field("text", summary->text)
      .field("agentType", summary->agent_type)
      .field("model", summary->model)
      .field("inputTokens", summary->input_tokens)
      .field("outputTokens", summary->output_tokens)
      .field("totalTokens", summary->total_tokens)
      .field("cost", summary->cost)
      .field("duration", summary->duration_ms)
      .end_object();
}

void write_reported(JsonWriter& writer, const Reported& reported) {
  writer.key("reported");
  if (reported.empty()) {
    writer.null();
    return;
  }
  writer.begin_object()
      .field("totalMessages", reported.messages)
      .field("totalTurns", reported.turns)
      .field("totalTokens", reported.tokens)
      .field("totalCost", reported.cost)
      .field("totalDuration", reported.duration_ms)
      .end_object();
}

/// How long the session took: what the client says, else from its first to its last event.
std::int64_t elapsed_ms(const Session& session) {
  if (session.reported.duration_ms) return *session.reported.duration_ms;
  return std::max<std::int64_t>(
      (session.completed_at.value_or(session.last_event_at) - session.started_at).count(), 0);
}

}  // namespace

std::string to_json(const Session& session) {
  std::string json;
  JsonWriter writer(json);
  const auto& totals = session.totals;
  writer.begin_object()
      .field("id", session.id)
      .field("name", title_of(session))
      .field("mode", session.mode)
      .field("status", to_string(session.status))
      .field("statusInferred", session.status_inferred)
      .field("source", session.source)
      .field("sourceFormat", session.source_format)
      .field("machine", session.machine)
      .field("startedAt", base::format_rfc3339(session.started_at))
      .field("completedAt", base::format_rfc3339(session.completed_at))
      .field("createdAt", base::format_rfc3339(session.created_at))
      .field("updatedAt", base::format_rfc3339(session.updated_at))
      .field("lastEventAt", base::format_rfc3339(session.last_event_at))
      .field("initialPrompt", session.initial_prompt)
      .field("maxTurns", session.max_turns)
      .field("totalMessages", totals.messages)
      .field("totalTokens", totals.tokens)
      .field("inputTokens", totals.input_tokens)
      .field("outputTokens", totals.output_tokens)
      .field("cacheReadTokens", totals.cache_read_tokens)
      .field("cacheWriteTokens", totals.cache_write_tokens)
      .field("reasoningTokens", totals.reasoning_tokens)
      .field("totalCost", totals.cost)
      .field("totalDuration", elapsed_ms(session))
      .field("agentDuration", totals.duration_ms)
      .field("errorCount", totals.errors)
      .field("errorMessage", session.error_message)
      .field("cwd", session.cwd)
      .field("gitBranch", session.git_branch)
      .field("parentConversationId", session.parent_conversation_id);
  write_reported(writer, session.reported);
  write_summary(writer, session.summary);
  writer.key("participants").begin_array();
  for (const auto& participant : session.participants) write_participant(writer, participant);
  writer.end_array();
  field_json(writer, "systemInfo", session.system_info);
  field_json(writer, "command", session.command);
  field_json(writer, "metadata", session.metadata);
  writer.end_object();
  return json;
}

std::string to_json(const Message& message) {
  std::string json;
  const auto& body = message.body;
  json.reserve(body.content.size() + body.parts.text.size() + 512);
  JsonWriter writer(json);
  writer.begin_object()
      .field("id", body.message_id)
      .field("conversationId", body.conversation_id)
      .field("agentId", body.agent_id)
      .field("agentName", body.agent_name.value_or(body.agent_type))
      .field("agentType", body.agent_type)
      .field("agentVersion", body.agent_version)
      .field("content", body.content)
      .field("role", body.role)
      .field("timestamp", base::format_rfc3339(message.at))
      .field("sequenceNumber", message.sequence)
      .field("turnNumber", body.turn_number)
      .field("duration", body.duration_ms)
      .field("inputTokens", body.input_tokens)
      .field("outputTokens", body.output_tokens)
      .field("totalTokens", body.tokens_used)
      .field("cacheReadTokens", body.cache_read_tokens)
      .field("cacheWriteTokens", body.cache_write_tokens)
      .field("reasoningTokens", body.reasoning_tokens)
      .field("model", body.model)
      .field("cost", body.cost)
      .field("costKind", body.cost_kind)
      .field("parentMessageId", body.parent_message_id);
  field_json(writer, "parts", body.parts);
  field_json(writer, "metadata", body.metadata);
  writer.end_object();
  return json;
}

std::string to_json(const Note& note) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object()
      .field("type", type_name(note.event))
      .field("timestamp", base::format_rfc3339(note.event.at))
      .field("logNumber", note.log_number)
      .field("afterSequence", note.after_sequence);
  if (const auto* entry = std::get_if<LogEntry>(&note.event.body)) {
    writer.field("level", entry->level)
        .field("role", entry->role)
        .field("agentId", entry->agent_id)
        .field("agentName", entry->agent_name)
        .field("agentType", entry->agent_type)
        .field("content", entry->content);
  } else if (const auto* error = std::get_if<ConversationError>(&note.event.body)) {
    writer.field("level", "error")
        .field("agentId", error->agent_id)
        .field("agentType", error->agent_type)
        .field("errorType", error->error_type)
        .field("content", error->error_message);
  }
  writer.end_object();
  return json;
}

}  // namespace agentpipe::model
