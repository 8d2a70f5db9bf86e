#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>

#include "codex_chat.hpp"
#include "codex_copies.hpp"
#include "codex_deeds.hpp"
#include "codex_meta.hpp"
#include "codex_text.hpp"
#include "codex_thread_id.hpp"
#include "json_scan.hpp"
#include "record_reader.hpp"
#include "rows.hpp"

/// Rollouts of Codex: `sessions/YYYY/MM/DD/rollout-….jsonl`, one `{timestamp, type, payload}` a line; very
/// old ones have the payload alone.
namespace agentpipe::formats {
namespace {

using codex::TextTwins;
using Time = std::optional<base::Timestamp>;

/// Types and sub-types that say nothing a reader would miss.
constexpr std::array<std::string_view, 25> k_codex_bookkeeping = {"turn_context",
                                                                  "exec_command_begin",
                                                                  "exec_command_end",
                                                                  "patch_apply_begin",
                                                                  "patch_apply_end",
                                                                  "mcp_tool_call_begin",
                                                                  "mcp_tool_call_end",
                                                                  "web_search_begin",
                                                                  "web_search_end",
                                                                  "turn_diff",
                                                                  "context_compacted",
                                                                  "compaction",
                                                                  "item_completed",
                                                                  "entered_review_mode",
                                                                  "agent_reasoning_section_break",
                                                                  "agent_reasoning_raw_content",
                                                                  "view_image_tool_call",
                                                                  "world_state",
                                                                  "ghost_snapshot",
                                                                  "thread_goal_updated",
                                                                  "thread_settings_applied",
                                                                  "token_usage_record",
                                                                  "inter_agent_communication_metadata",
                                                                  "mcp_list_tools_response",
                                                                  "other"};

class CodexRollout final : public RecordReader {
 public:
  explicit CodexRollout(Origin origin) : RecordReader(std::move(origin), Strangers::problem) {}

  void end(Sink& sink) override {
    if (origin().writer == Writer::present || !chat_) return;
    flush_prompt(sink);
    chat_->end_turn({}, sink);
    chat_->session.complete({}, {}, sink);
  }

  void pause(Sink& sink) override {
    if (chat_) flush_prompt(sink);
  }

 private:
  struct Handler {
    std::string_view type;
    void (CodexRollout::*take)(const Node& payload, Time at, Sink& sink);
    /// `own`: copies are left out, and a prompt that waits goes first.
    enum class Takes : unsigned char { all, own } takes = Takes::all;
  };
  static std::span<const Handler> records();
  static std::span<const Handler> items();
  static std::span<const Handler> events();

  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    number_ = number;
    const auto at = record["timestamp"].time();
    const auto payload = record["payload"];
    if (payload.is_object()) return dispatch(records(), record["type"].view(), payload, at, sink);
    if (!record["id"].is_null() && record["type"].is_null()) return session_meta(record, at, sink);
    if (record["type"].is_null()) return sink.skipped(Skip::internal, number);  // "record_type": "state"
    dispatch(items(), record["type"].view(), record, at, sink);
  }

  void dispatch(std::span<const Handler> table, std::string_view type, const Node& payload, Time at,
                Sink& sink) {
    for (const auto& handler : table) {
      if (handler.type != type) continue;
      if (handler.takes == Handler::Takes::own) {
        if (is_copy(at, sink)) return;
        flush_prompt(sink);
      }
      return (this->*handler.take)(payload, at, sink);
    }
    if (std::find(k_codex_bookkeeping.begin(), k_codex_bookkeeping.end(), type) != k_codex_bookkeeping.end())
      return sink.skipped(Skip::internal, number_);
    sink.skipped(Skip::unknown, number_);
    if (chat_ && !type.empty() && chat_->session.keeps_unknown())
      chat_->session.unknown(at, type, payload.json(), sink);
  }

  codex::Chat& chat() {
    if (!chat_) begin(codex::id_from_name(origin().name));
    return *chat_;
  }

  /// What says no time happened when the session began, as its id tells, or the file was written; not now.
  void begin(std::string_view id) {
    auto file = origin();
    file.clock = nullptr;
    file.arrived = codex::time_in_id(id).value_or(file.arrived);
    chat_.emplace(id, file);
  }

  // ---- records

  /// The first one counts; a fork carries a copy of its parent's behind its own.
  void session_meta(const Node& meta, Time at, Sink& sink) {
    if (chat_) return sink.skipped(Skip::replayed, number_);
    begin(meta["id"].view());
    auto& started = chat_->session.started;
    started.cwd = meta["cwd"].label();
    started.git_branch = meta["git"]["branch"].label();
    started.participants.back().cli_version = meta["cli_version"].label();
    const auto descent = codex::descent_of(meta);
    if (!descent.parent.empty()) {
      started.parent_conversation_id = AgentSession(codex::k_source, descent.parent, origin()).id();
      copies_.fork(at, meta["id"].view());
    }
    if (descent.name) started.name = descent.name;
    chat_->session.set_part(descent.part);
    inherits_usage_ = descent.inherits_usage;
  }

  void turn_context(const Node& context, Time, Sink&) {
    chat().use_model(context["model"].view());
    copies_.turn(context["turn_id"].view(), chat().session.id(), origin());
  }

  void turn_started(const Node& event, Time, Sink& sink) {
    copies_.turn(event["turn_id"].view(), chat().session.id(), origin());
    sink.skipped(Skip::internal, number_);
  }

  void compacted(const Node&, Time at, Sink& sink) {
    if (!is_copy(at, sink) && chat().session.begun())
      chat().session.note(at, "system", "The conversation was compacted.", sink);
  }

  void response_item(const Node& item, Time at, Sink& sink) {
    const bool bare_message = item["type"].is_null() && item["role"].is_text();
    dispatch(items(), bare_message ? "message" : item["type"].view(), item, at, sink);
  }
  void event(const Node& event, Time at, Sink& sink) {
    dispatch(events(), event["type"].view(), event, at, sink);
  }

  bool is_copy(Time at, Sink& sink) {
    const bool copy = copies_.is_copy(at);
    if (copy) sink.skipped(Skip::replayed, number_);
    return copy;
  }

  // ---- items of an answer

  void item_message(const Node& item, Time at, Sink& sink) {
    const auto text = codex::text_of(item["content"]);
    const auto role = item["role"].view();
    if (role == "assistant") return answer(text, TextTwins::Side::item, at, sink);
    if (role != "user" || codex::is_context(item, text) || prompts_are_events_)
      return sink.skipped(Skip::internal, number_);
    flush_prompt(sink);
    prompt_ = {at, codex::prompt_of(text)};
  }

  void item_reasoning(const Node& item, Time at, Sink& sink) {
    const auto content = item["summary"];
    const auto text = codex::text_of(content.is_null() ? item["content"] : content);
    if (text.empty()) return;
    think(text, TextTwins::Side::item, at, sink);
  }

  void item_call(const Node& item, Time at, Sink& sink) {
    MessageParts parts;
    const auto id = item.either("call_id", "id").text();
    const auto deed = codex::deed_of_call(item, inner_);
    codex::add_call(item, deed, parts, inner_);
    const auto name = deed.empty() ? id : chat().session.name_for(deed);
    if (name != id && !id.empty()) names_.emplace(id, name);
    chat().tool(at, name.empty() ? name : "call-" + name, "assistant", std::move(parts), sink);
  }

  void item_output(const Node& item, Time at, Sink& sink) {
    MessageParts parts;
    codex::add_output(item, parts, inner_);
    const auto id = item["call_id"].text();
    const auto known = names_.extract(id);
    const auto name = known ? known.mapped() : id;
    chat().tool(at, name.empty() ? name : "result-" + name, "tool", std::move(parts), sink);
  }

  /// Another agent of the team speaks: gives the task, asks, or answers.
  void item_agent_message(const Node& item, Time at, Sink& sink) {
    const auto words = codex::agent_words_of(item);
    chat().colleague(at, words.author, words.is_answer ? "assistant" : "user", words.text, sink);
  }

  // ---- events

  void user_message(const Node& event, Time at, Sink& sink) {
    prompts_are_events_ = true;
    prompt_.reset();
    const auto text = event["message"].view();
    if (codex::is_context(text)) return sink.skipped(Skip::internal, number_);
    prompt_ = {at, std::string(text)};
    if (!is_copy(at, sink)) flush_prompt(sink);
  }

  void agent_message(const Node& event, Time at, Sink& sink) {
    answer(event["message"].view(), TextTwins::Side::event, at, sink);
  }
  void agent_reasoning(const Node& event, Time at, Sink& sink) {
    think(event["text"].view(), TextTwins::Side::event, at, sink);
  }

  void token_count(const Node& event, Time at, Sink& sink) {
    const auto info = event["info"];
    const auto usage = [&](std::string_view key) -> std::optional<Usage> {
      if (!info[key].is_object()) return std::nullopt;
      return codex::usage_of(info[key]);
    };
    const auto total = usage("total_token_usage");
    chat().use_model(info["model"].view());
    if (is_copy(at, sink)) return chat().skip_to(total);
    const auto last = usage("last_token_usage");
    if (total && last && std::exchange(inherits_usage_, false)) chat().skip_to(excess(*last, *total));
    chat().report(total, last);
  }

  void task_complete(const Node&, Time at, Sink& sink) { chat().end_turn(at, sink); }
  void turn_aborted(const Node&, Time at, Sink& sink) { chat().abort_turn(at, sink); }
  void rolled_back(const Node& event, Time at, Sink& sink) {
    if (is_copy(at, sink) || !chat().session.begun()) return;
    chat().session.note(
        at, "system",
        "The last " + std::to_string(event["num_turns"].count_or_0()) + " turns were taken back.", sink);
  }
  void named(const Node& event, Time at, Sink& sink) {
    chat().session.title(at, event.either("thread_name", "name").view(), 1, sink);
  }
  void failed(const Node& event, Time at, Sink& sink) {
    if (!is_copy(at, sink)) chat().session.error(at, "error", event["message"].view(), sink);
  }

  // ---- what both say

  void answer(std::string_view text, TextTwins::Side side, Time at, Sink& sink) {
    if (answers_.is_second(text, side)) return;
    if (is_copy(at, sink)) return prompt_.reset();
    flush_prompt(sink);
    chat().text(at, text, sink);
  }
  void think(std::string_view text, TextTwins::Side side, Time at, Sink& sink) {
    if (thoughts_.is_second(text, side)) return;
    if (is_copy(at, sink)) return prompt_.reset();
    flush_prompt(sink);
    chat().thinking(text);
  }
  /// A prompt waits for the event that says it in the person's own words.
  void flush_prompt(Sink& sink) {
    if (!prompt_) return;
    const auto prompt = std::move(*prompt_);
    prompt_.reset();
    chat().prompt(prompt.at, prompt.text, sink);
  }

  struct Prompt {
    Time at;
    std::string text;
  };
  std::uint64_t number_ = 0;
  std::optional<codex::Chat> chat_;
  std::optional<Prompt> prompt_;
  bool prompts_are_events_ = false;
  bool inherits_usage_ = false;  ///< the first total counts what is told elsewhere, too
  TextTwins answers_;
  TextTwins thoughts_;
  codex::Copies copies_;
  std::unordered_map<std::string, std::string> names_;  ///< of calls without result, by their id
  JsonLine inner_;
};

std::span<const CodexRollout::Handler> CodexRollout::records() {
  static constexpr Handler k_table[] = {
      {"response_item", &CodexRollout::response_item}, {"event_msg", &CodexRollout::event},
      {"turn_context", &CodexRollout::turn_context},   {"session_meta", &CodexRollout::session_meta},
      {"compacted", &CodexRollout::compacted},
  };
  return k_table;
}

std::span<const CodexRollout::Handler> CodexRollout::items() {
  using enum Handler::Takes;
  static constexpr Handler k_table[] = {
      {"message", &CodexRollout::item_message},
      {"reasoning", &CodexRollout::item_reasoning},
      {"function_call", &CodexRollout::item_call, own},
      {"custom_tool_call", &CodexRollout::item_call, own},
      {"local_shell_call", &CodexRollout::item_call, own},
      {"web_search_call", &CodexRollout::item_call, own},
      {"function_call_output", &CodexRollout::item_output, own},
      {"custom_tool_call_output", &CodexRollout::item_output, own},
      {"agent_message", &CodexRollout::item_agent_message, own},
  };
  return k_table;
}

std::span<const CodexRollout::Handler> CodexRollout::events() {
  using enum Handler::Takes;
  static constexpr Handler k_table[] = {
      {"task_started", &CodexRollout::turn_started},
      {"turn_started", &CodexRollout::turn_started},
      {"user_message", &CodexRollout::user_message},
      {"agent_message", &CodexRollout::agent_message},
      {"agent_reasoning", &CodexRollout::agent_reasoning},
      {"token_count", &CodexRollout::token_count},
      {"task_complete", &CodexRollout::task_complete, own},
      {"turn_complete", &CodexRollout::task_complete, own},
      {"turn_aborted", &CodexRollout::turn_aborted, own},
      {"thread_rolled_back", &CodexRollout::rolled_back},
      {"thread_name_updated", &CodexRollout::named},
      {"error", &CodexRollout::failed},
  };
  return k_table;
}

constexpr std::array<std::string_view, 5> k_codex_rollout_types = {"session_meta", "turn_context",
                                                                   "response_item", "event_msg", "compacted"};

bool is_codex_rollout_record(const TopLevel& top) {
  if (top.has("payload"))
    return std::find(k_codex_rollout_types.begin(), k_codex_rollout_types.end(), top.type) !=
           k_codex_rollout_types.end();
  return top.has("id") && top.has("timestamp") && top.has("instructions");
}

}  // namespace

bool is_codex_rollout(std::string_view head, const Origin&) {
  return any_line(head, is_codex_rollout_record);
}

std::unique_ptr<Reader> open_codex_rollout(const Origin& origin) {
  return std::make_unique<CodexRollout>(origin);
}

}  // namespace agentpipe::formats
