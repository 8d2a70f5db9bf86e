#include <algorithm>
#include <array>
#include <unordered_set>

#include "agentpipe/model/limits.hpp"
#include "claude_reader.hpp"
#include "claude_subagents.hpp"
#include "claude_text.hpp"
#include "clean.hpp"
#include "element_reader.hpp"
#include "json_scan.hpp"
#include "rows.hpp"
#include "supplement.hpp"

/// Standard output of `claude -p` with `--output-format stream-json --verbose` or `json`; the latter prints
/// the result alone, with `--verbose` all records in one array.
namespace agentpipe::formats {
namespace {

constexpr std::array<std::string_view, 6> k_claude_stream_types = {
    "system", "user", "assistant", "result", "stream_event", "rate_limit_event"};

model::ConversationCompleted completed_from(const Node& result) {
  model::ConversationCompleted completed;
  completed.status = result["is_error"].is_true() ? model::Status::error : model::Status::completed;
  completed.total_cost = result["total_cost_usd"].money();
  completed.total_turns = result["num_turns"].count();
  if (result["usage"].is_object()) completed.total_tokens = claude::usage_of(result["usage"]).total();
  if (const auto duration = result["duration_ms"].count())
    completed.duration_seconds = duration_seconds(*duration);
  return completed;
}

class ClaudeStream final : public claude::ClaudeReader {
 public:
  explicit ClaudeStream(Origin origin) : ClaudeReader(std::move(origin), Strangers::expected) {}

  void end(Sink& sink) override {
    ClaudeReader::end(sink);
    subagents_.finish(sink);
    for (const auto& session : sessions()) supplement(run_of(session), sink);
  }

 private:
  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    const auto session = record["session_id"].text();
    const auto call = record["parent_tool_use_id"].text();
    const bool says = record["type"].view() == "assistant" || subagents_.reads(call);
    if (!call.empty() && says && subagents_.catch_up(session, call, sink)) return;
    if (says && prompted_.insert(session).second) tell_prompt(run_of(session), sink);
    ClaudeReader::record(record, number, sink);
  }

  PipedRun run_of(const std::string& session) {
    return {origin(), claude::k_source, session, [this](const std::string& id) { return conversation(id); }};
  }

  bool other_record(const Node& record, std::string_view type, Sink& sink) override {
    if (type != "result") return false;
    auto& chat = chat_of(record);
    chat.close_lanes(sink);
    auto& session = chat.conversation.session;
    if (!session.begun()) answer_alone(record, session, sink);
    if (record["is_error"].is_true()) {
      const auto text = record["result"].view();
      session.error({}, record["subtype"].view(), text.empty() ? record["subtype"].view() : text, sink);
    }
    session.complete({}, completed_from(record), sink);
    chat.ended = true;
    return true;
  }

  /// `--output-format json` prints the result and nothing else; it does not tell the answer's own id.
  static void answer_alone(const Node& result, AgentSession& session, Sink& sink) {
    AgentMessage message;
    message.id = result["uuid"].text();
    message.agent_id = claude::k_source;
    message.role = "assistant";
    message.parts.text(result["result"].view());
    message.usage = claude::usage_of(result["usage"]);
    message.reported_cost = result["total_cost_usd"].money();
    message.duration_ms = result["duration_ms"].count();
    if (!message.parts.empty()) session.message({}, std::move(message), sink);
  }

  /// Without its result a run was cut off; a subagent's part is over with it.
  void conclude(claude::Chat& chat, Sink& sink) override {
    if (chat.conversation.session.started.parent_conversation_id)
      chat.conversation.session.complete({}, {}, sink);
  }

  claude::SubagentFiles subagents_{origin()};
  std::unordered_set<std::string> prompted_;  ///< sessions whose prompt was looked for
};

bool is_claude_stream_record(const TopLevel& top) {
  return top.has("session_id") && std::find(k_claude_stream_types.begin(), k_claude_stream_types.end(),
                                            top.type) != k_claude_stream_types.end();
}

}  // namespace

bool is_claude_stream(std::string_view head, const Origin&) {
  return any_line(head, is_claude_stream_record) ||
         is_claude_stream_record(scan_top_level(first_object(head)));
}

std::unique_ptr<Reader> open_claude_stream(const Origin& origin) {
  return std::make_unique<ClaudeStream>(origin);
}

}  // namespace agentpipe::formats
