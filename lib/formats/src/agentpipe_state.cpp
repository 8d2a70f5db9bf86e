#include "agentpipe/model/json_writer.hpp"
#include "clean.hpp"
#include "document.hpp"
#include "draft.hpp"
#include "go_session.hpp"
#include "json_scan.hpp"
#include "rows.hpp"

/// Saved states of the Go CLI: `{version, saved_at, messages, config, metadata}` (wire-contract.md 3.4).
namespace agentpipe::formats {
namespace {

model::Json description_of(const GoDocument& state) {
  model::Json metadata;
  if (state.description.empty()) return metadata;
  model::JsonWriter writer(metadata.text);
  writer.begin_object().field("description", state.description).end_object();
  return metadata;
}

std::optional<model::Summary> summary_of(const GoDocument& state) {
  if (state.text.empty() && state.short_text.empty()) return std::nullopt;
  model::Summary summary;
  summary.text = state.text.empty() ? state.short_text : state.text;
  if (!state.short_text.empty()) summary.short_text = state.short_text;
  if (!state.summary_agent.empty()) summary.agent_type = state.summary_agent;
  return summary;
}

class StateReader final : public DocumentReader {
 public:
  using DocumentReader::DocumentReader;

 private:
  void read(std::string_view document, Sink& sink) override {
    auto state = parse_go_document(document);
    if (!state) return report_document(document, state.error(), sink);
    Draft draft("agentpipe-state", origin().arrived);
    draft.started.mode = state->mode;
    draft.started.max_turns = state->max_turns;
    draft.started.initial_prompt = state->initial_prompt;
    draft.started.metadata = description_of(*state);
    draft.completed.summary = summary_of(*state);
    draft.completed.total_messages = state->total_messages;
    if (state->total_duration_ms)
      draft.completed.duration_seconds = duration_seconds(*state->total_duration_ms);
    for (const auto& agent : state->agents) draft.add_agent(agent);
    emit_messages(std::move(*state), draft, sink);
  }
};

}  // namespace

bool is_agentpipe_state(std::string_view head, const Origin&) {
  const auto top = scan_top_level(head);
  if (top.has("exported_at")) return false;
  const bool ours = top.message_has("AgentID") || top.message_has("AgentName");
  return (top.has("saved_at") && (top.has("messages") || top.has("config") || top.has("version"))) ||
         (ours && (top.has("config") || top.has("metadata") || top.has("version"))) ||
         (top.has("config") && top.has("metadata") && !top.has("type"));
}

std::unique_ptr<Reader> open_agentpipe_state(const Origin& origin) {
  return std::make_unique<StateReader>(origin);
}

}  // namespace agentpipe::formats
