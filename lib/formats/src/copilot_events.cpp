#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "agentpipe/formats/prices.hpp"
#include "copilot_accounts.hpp"
#include "copilot_chat.hpp"
#include "copilot_tools.hpp"
#include "json_scan.hpp"
#include "record_reader.hpp"
#include "rows.hpp"

/// Session logs of GitHub Copilot CLI: `session-state/<id>/events.jsonl`, older ones
/// `session-state/<id>.jsonl`. The types of records are those of its SDK (github/copilot-sdk,
/// session-events).
namespace agentpipe::formats {
namespace {

using copilot::Entry;

/// A tool's own business. What is not kept in files is marked as ephemeral.
constexpr std::array<std::string_view, 31> k_copilot_bookkeeping = {"assistant.turn_start",
                                                                    "external_tool.requested",
                                                                    "hook.end",
                                                                    "hook.start",
                                                                    "permission.completed",
                                                                    "permission.requested",
                                                                    "session.auto_mode_resolved",
                                                                    "session.autopilot_objective_changed",
                                                                    "session.binary_asset",
                                                                    "session.canvas.recorded",
                                                                    "session.canvas.removed",
                                                                    "session.compaction_start",
                                                                    "session.context_cleared",
                                                                    "session.handoff",
                                                                    "session.mode_changed",
                                                                    "session.permissions_changed",
                                                                    "session.plan_changed",
                                                                    "session.remote_steerable_changed",
                                                                    "session.session_limits_changed",
                                                                    "session.task_complete",
                                                                    "session.truncation",
                                                                    "session.usage_checkpoint",
                                                                    "session.workspace_file_changed",
                                                                    "skill.invoked",
                                                                    "subagent.completed",
                                                                    "subagent.configured",
                                                                    "subagent.deselected",
                                                                    "subagent.selected",
                                                                    "system.message",
                                                                    "system.notification",
                                                                    "tool_search.activated"};

class CopilotEvents final : public RecordReader {
 public:
  explicit CopilotEvents(const Origin& origin) : RecordReader(origin, Strangers::problem), chat_(origin) {}

  void end(Sink& sink) override {
    if (origin().writer == Writer::present) return pause(sink);
    if (!chat_.known()) return;
    chat_.release_thinking(sink);
    if (!ended_) chat_.session().complete({}, shutdown_.value_or(model::ConversationCompleted()), sink);
  }

  /// A session that was shut down may have been resumed in the meantime.
  void pause(Sink& sink) override {
    if (!shutdown_) return;
    chat_.session().complete({}, *std::exchange(shutdown_, std::nullopt), sink);
    ended_ = true;
  }

 private:
  using Take = void (CopilotEvents::*)(const Entry& entry, Sink& sink);
  /// Null for types that are not told.
  static Take handler_of(std::string_view type);

  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    const auto type = record["type"].view();
    const auto data = record["data"];
    auto agent = record["agentId"].view();
    if (agent.empty()) agent = data["parentToolCallId"].view();
    const Entry entry{data, record["timestamp"].time(), record["id"].text(), agent, number};
    if (const auto take = handler_of(type)) return (this->*take)(entry, sink);
    const bool known = std::find(k_copilot_bookkeeping.begin(), k_copilot_bookkeeping.end(), type) !=
                       k_copilot_bookkeeping.end();
    if (known || record["ephemeral"].is_true()) return sink.skipped(Skip::internal, number);
    sink.skipped(Skip::unknown, number);
    if (chat_.known() && chat_.session().keeps_unknown())
      chat_.session().unknown(entry.at, type, record.json(), sink);
  }

  void start(const Entry& entry, Sink& sink) {
    auto& told = chat_.session(entry.data["sessionId"].view());
    if (!told.begun()) {
      told.started.participants.back().cli_version = entry.data["copilotVersion"].label();
      const auto parent = entry.data["detachedFromSpawningParentSessionId"].view();
      if (!parent.empty())
        told.started.parent_conversation_id = AgentSession(copilot::k_source, parent, origin()).id();
      told.started.cwd = entry.data["context"]["cwd"].label();
    }
    resumed(entry, sink);
  }

  void resumed(const Entry& entry, Sink& sink) {
    chat_.session().branch(entry.at, entry.data["context"]["branch"].view(), sink);
    chat_.use_model(entry.data["selectedModel"]);
    go_on();
    sink.skipped(Skip::internal, entry.number);
  }

  void context_changed(const Entry& entry, Sink& sink) {
    chat_.session().branch(entry.at, entry.data["branch"].view(), sink);
    sink.skipped(Skip::internal, entry.number);
  }

  void model_change(const Entry& entry, Sink& sink) {
    chat_.use_model(entry.data["newModel"]);
    sink.skipped(Skip::internal, entry.number);
  }

  void go_on() {
    shutdown_.reset();
    ended_ = false;
  }

  void title(const Entry& entry, Sink& sink) {
    chat_.session().title(entry.at, entry.data["title"].view(), 1, sink);
  }
  void info(const Entry& entry, Sink& sink) {
    chat_.session().note(entry.at, "info", entry.data["message"].view(), sink);
  }
  void warning(const Entry& entry, Sink& sink) {
    chat_.session().note(entry.at, "warn", entry.data["message"].view(), sink);
  }
  void error(const Entry& entry, Sink& sink) {
    chat_.session().error(entry.at, entry.data["errorType"].view(), entry.data["message"].view(), sink);
  }

  /// `content` is what was typed; `transformedContent`, what the model was told, is left out. A message with
  /// a source is an injected one: a skill, another agent's prompt.
  void user(const Entry& entry, Sink& sink) {
    chat_.release_thinking(sink);
    const auto text = base::trim(entry.data["content"].view());
    const auto source = entry.data["source"].view();
    if (text.empty() || !(source.empty() || source == "user"))
      return sink.skipped(Skip::internal, entry.number);
    go_on();
    if (!chat_.session().prompt(entry.at, entry.id, text, sink)) sink.skipped(Skip::replayed, entry.number);
  }

  void reasoning(const Entry& entry, Sink& sink) { chat_.think(entry, sink); }

  void assistant(const Entry& entry, Sink& sink) {
    const auto text = base::trim(entry.data["content"].view());
    auto message = chat_.thoughtful_answer(entry, sink);
    message.parts.text(text);
    entry.data["toolRequests"].each(
        [&](const Node& request) { chat_.add_call(request, request["name"], message); });
    Usage usage{.output = entry.data["outputTokens"].count_or_0()};
    if (const auto request = requests_.extract(std::string(entry.agent))) usage = request.mapped();
    if (usage.total() > 0) message.usage = usage;
    if (message.parts.empty() && message.usage)
      message.parts.notice("usage", "Tokens used without an answer");
    if (message.parts.empty()) return sink.skipped(Skip::internal, entry.number);
    if (chat_.send(entry, entry.id, std::move(message), sink)) accounts_.answered(usage);
  }

  /// Its answer comes next.
  void request(const Entry& entry, Sink& sink) {
    requests_[std::string(entry.agent)] = copilot::usage_of(entry.data["usage"]);
    sink.skipped(Skip::internal, entry.number);
  }

  void tool_requested(const Entry& entry, Sink& sink) { tools_.requested(entry, sink); }
  void tool_started(const Entry& entry, Sink& sink) { tools_.started(entry, sink); }
  void tool_completed(const Entry& entry, Sink& sink) { tools_.completed(entry, sink); }

  void subagent(const Entry& entry, Sink& sink) {
    chat_.name_agent(entry);
    sink.skipped(Skip::internal, entry.number);
  }

  void subagent_failed(const Entry& entry, Sink& sink) {
    chat_.notice(entry, "error", entry.data["error"].view(), sink);
  }
  void abort(const Entry& entry, Sink& sink) {
    chat_.notice(entry, "interrupted", "The turn was interrupted.", sink);
  }

  void turn_end(const Entry& entry, Sink& sink) {
    chat_.release_thinking(sink);
    sink.skipped(Skip::internal, entry.number);
  }

  void compacted(const Entry& entry, Sink& sink) {
    if (!entry.data["success"].is_true()) return sink.skipped(Skip::internal, entry.number);
    accounts_.compacted();
    const auto summary = entry.data["summaryContent"].view();
    chat_.notice(entry, "compacted", summary.empty() ? "*the conversation so far was summed up*" : summary,
                 sink);
  }

  void shutdown(const Entry& entry, Sink& sink) {
    chat_.release_thinking(sink);
    auto& told = chat_.session();
    for (const auto& sum : accounts_.close(entry.data["modelMetrics"]))
      chat_.send(entry, entry.id.empty() ? "" : entry.id + ":" + sum.model,
                 copilot::told(sum, prices_of(origin())), sink);
    shutdown_.emplace();
    if (entry.data["shutdownType"].view() != "error") return;
    shutdown_->status = model::Status::error;
    told.error(entry.at, "shutdown", entry.data["errorReason"].view(), sink);
  }

  copilot::Chat chat_;
  copilot::Tools tools_{chat_};
  copilot::Accounts accounts_;
  std::map<std::string, Usage> requests_;  ///< by agent: of the answer that comes
  std::optional<model::ConversationCompleted> shutdown_;
  bool ended_ = false;
};

CopilotEvents::Take CopilotEvents::handler_of(std::string_view type) {
  static constexpr std::pair<std::string_view, Take> k_handlers[] = {
      {"session.start", &CopilotEvents::start},
      {"session.resume", &CopilotEvents::resumed},
      {"session.context_changed", &CopilotEvents::context_changed},
      {"session.model_change", &CopilotEvents::model_change},
      {"session.title_changed", &CopilotEvents::title},
      {"session.info", &CopilotEvents::info},
      {"session.warning", &CopilotEvents::warning},
      {"session.error", &CopilotEvents::error},
      {"session.usage_record", &CopilotEvents::request},
      {"session.compaction_complete", &CopilotEvents::compacted},
      {"session.shutdown", &CopilotEvents::shutdown},
      {"user.message", &CopilotEvents::user},
      {"assistant.message", &CopilotEvents::assistant},
      {"assistant.reasoning", &CopilotEvents::reasoning},
      {"assistant.turn_end", &CopilotEvents::turn_end},
      {"tool.user_requested", &CopilotEvents::tool_requested},
      {"tool.execution_start", &CopilotEvents::tool_started},
      {"tool.execution_complete", &CopilotEvents::tool_completed},
      {"subagent.started", &CopilotEvents::subagent},
      {"subagent.failed", &CopilotEvents::subagent_failed},
      {"abort", &CopilotEvents::abort},
  };
  const auto* row = std::find_if(std::begin(k_handlers), std::end(k_handlers),
                                 [&](const auto& each) { return each.first == type; });
  return row == std::end(k_handlers) ? nullptr : row->second;
}

bool is_copilot_record(const TopLevel& top) {
  constexpr std::array<std::string_view, 4> k_telling = {"session.start", "session.resume", "user.message",
                                                         "assistant.message"};
  return top.has("data") && std::find(k_telling.begin(), k_telling.end(), top.type) != k_telling.end();
}

}  // namespace

bool is_copilot_events(std::string_view head, const Origin&) {
  return any_line(head, is_copilot_record);
}

std::unique_ptr<Reader> open_copilot_events(const Origin& origin) {
  return std::make_unique<CopilotEvents>(origin);
}

}  // namespace agentpipe::formats
