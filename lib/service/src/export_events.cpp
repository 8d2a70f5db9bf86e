#include <simdjson.h>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "export_format.hpp"

namespace agentpipe::service {

namespace {

constexpr double k_ms_per_second = 1000;

bool is_tool(std::string_view type) {
  return type == "tool_call" || type == "tool_result";
}

}  // namespace

model::Event started_event(const model::Session& session) {
  model::ConversationStarted started;
  started.conversation_id = session.id;
  started.mode = session.mode;
  started.initial_prompt = session.initial_prompt;
  started.max_turns = session.max_turns;
  started.participants = session.participants;
  started.system_info = session.system_info;
  started.command = session.command;
  if (!session.name.empty()) started.name = session.name;
  started.source_format = session.source_format;
  started.machine = session.machine;
  started.cwd = session.cwd;
  started.git_branch = session.git_branch;
  started.parent_conversation_id = session.parent_conversation_id;
  started.metadata = session.metadata;
  return {session.started_at, std::move(started)};
}

std::optional<model::Event> completed_event(const model::Session& session) {
  if (session.status == model::Status::active) return std::nullopt;
  model::ConversationCompleted completed;
  completed.conversation_id = session.id;
  completed.status = session.status;
  completed.total_messages = session.reported.messages;
  completed.total_turns = session.reported.turns;
  completed.total_tokens = session.reported.tokens;
  completed.total_cost = session.reported.cost;
  if (session.reported.duration_ms)
    completed.duration_seconds = static_cast<double>(*session.reported.duration_ms) / k_ms_per_second;
  completed.summary = session.summary;
  return model::Event{session.completed_at.value_or(session.last_event_at), std::move(completed)};
}

std::string title_of(const model::Session& session) {
  constexpr std::size_t k_title = 120;
  if (!session.name.empty()) return base::one_line(session.name, k_title);
  const auto prompt = base::one_line(session.initial_prompt, k_title);
  return prompt.empty() ? session.id : prompt;
}

void drop_tools(model::MessageCreated& message) {
  if (message.parts.empty()) return;
  simdjson::dom::parser parser;
  simdjson::dom::array parts;
  if (parser.parse(simdjson::padded_string(message.parts.text)).get(parts) != simdjson::SUCCESS) return;
  std::string kept;
  std::string text;
  model::JsonWriter writer(kept);
  writer.begin_array();
  for (const auto part : parts) {
    std::string_view type;
    std::string_view words;
    if (part["type"].get(type) != simdjson::SUCCESS || is_tool(type)) continue;
    writer.raw(simdjson::minify(part));
    if (type == "text" && part["text"].get(words) == simdjson::SUCCESS)
      text.append(text.empty() ? "" : "\n\n").append(words);
  }
  writer.end_array();
  message.parts.text = std::move(kept);
  message.content = std::move(text);
}

}  // namespace agentpipe::service
