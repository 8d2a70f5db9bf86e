#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <utility>

#include "codex_chat.hpp"
#include "codex_deeds.hpp"
#include "codex_rollout_facts.hpp"
#include "codex_text.hpp"
#include "json_scan.hpp"
#include "record_reader.hpp"
#include "rows.hpp"
#include "supplement.hpp"

/// Standard output of `codex exec --json`. It says no times, no model and no ids of calls; its thread is the
/// rollout's session. What a turn used is told as the total of the session, also of one that was resumed.
namespace agentpipe::formats {
namespace {

constexpr std::array<std::string_view, 9> k_codex_exec_types = {
    "thread.started", "turn.started",   "turn.completed",  "turn.failed",       "item.started",
    "item.updated",   "item.completed", "item.plan.delta", "request_user_input"};

class CodexExec final : public RecordReader {
 public:
  explicit CodexExec(Origin origin) : RecordReader(std::move(origin), Strangers::expected) {}

  void end(Sink& sink) override {
    if (!chat_) return;
    chat_->end_turn({}, sink);
    if (last_turn_) chat_->session.complete({}, completed(*last_turn_), sink);
    supplement(run(), sink);
  }

 private:
  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    const auto type = record["type"].view();
    if (type == "thread.started") return begin(record, sink);
    if (!chat_) return sink.skipped(Skip::unknown, number);
    if (type.starts_with("item.") && is_told(record["item"]["type"].view(), type))
      return item(record["item"], sink);
    if (type == "turn.completed") return end_turn(record["usage"], sink);
    if (type == "turn.failed") return fail(record["error"]["message"], sink);
    if (type == "error") return chat_->session.error({}, "error", record["message"].view(), sink);
    if (std::find(k_codex_exec_types.begin(), k_codex_exec_types.end(), type) != k_codex_exec_types.end())
      return sink.skipped(Skip::internal, number);
    sink.skipped(Skip::unknown, number);
    if (chat_->session.keeps_unknown()) chat_->session.unknown({}, type, record.json(), sink);
  }

  void begin(const Node& record, Sink& sink) {
    if (!chat_) chat_.emplace(record["thread_id"].view(), origin());
    thread_id_ = record["thread_id"].text();
    if (const auto rollout = newest_rollout()) chat_->session.set_part(codex::part_in(*rollout));
    chat_->session.begin({}, sink);
  }

  PipedRun run() {
    return {origin(), codex::k_source, thread_id_,
            [this](const std::string& id) { return id == chat_->session.id() ? &chat_->session : nullptr; }};
  }

  /// A session that goes on in this run has one already.
  std::optional<std::filesystem::path> newest_rollout() const {
    if (!origin().session_files) return std::nullopt;
    const auto files = origin().session_files(codex::k_source, thread_id_);
    return files.empty() ? std::nullopt : std::optional(files.back());
  }

  std::optional<codex::RolloutFacts> look_up(const Usage& total) const {
    const auto rollout = newest_rollout();
    return rollout ? codex::rollout_facts(*rollout, total) : std::nullopt;
  }

  void item(const Node& item, Sink& sink) {
    const auto type = item["type"].view();
    const auto text = item["text"].view();
    // The rollout begins behind what there is to warn of.
    if (type != "error" && !std::exchange(prompted_, true)) tell_prompt(run(), sink);
    if (type == "agent_message") return chat_->text({}, text, sink);
    if (type == "reasoning") return chat_->thinking(text);
    if (type == "plan") return chat_->notice({}, "plan", text, sink);
    if (type == "error") return chat_->notice({}, "error", item["message"].view(), sink);
    work(item, sink);
  }

  void work(const Node& item, Sink& sink) {
    const auto deed = codex::deed_of_work(item);
    auto work = codex::work_of(item, deed);
    const auto name = deed.empty() ? deed : chat_->session.name_for(deed);
    chat_->tool({}, name.empty() ? name : "call-" + name, "assistant", std::move(work.call), sink);
    if (!work.result.empty())
      chat_->tool({}, name.empty() ? name : "result-" + name, "tool", std::move(work.result), sink);
  }

  /// Items are told when they are complete; a list of things to do each time it changes, and its end repeats
  /// the last one.
  static bool is_told(std::string_view item, std::string_view record) {
    const bool is_end = record == "item.completed";
    const bool is_change = record == "item.started" || record == "item.updated";
    return item == "todo_list" ? is_change : is_end;
  }

  void end_turn(const Node& usage, Sink& sink) {
    if (usage.is_object()) {
      const auto total = codex::usage_of(usage);
      if (!last_turn_) {
        if (const auto facts = look_up(total)) {
          chat_->use_model(facts->model);
          chat_->skip_to(facts->before);
        }
      }
      chat_->report(total, std::nullopt);
    }
    chat_->end_turn({}, sink);
    last_turn_ = model::Status::completed;
  }

  void fail(const Node& message, Sink& sink) {
    chat_->end_turn({}, sink);
    chat_->session.error({}, "turn_failed", message.view(), sink);
    last_turn_ = model::Status::error;
  }

  static model::ConversationCompleted completed(model::Status status) {
    model::ConversationCompleted completed;
    completed.status = status;
    return completed;
  }

  std::optional<codex::Chat> chat_;
  std::string thread_id_;
  bool prompted_ = false;
  std::optional<model::Status> last_turn_;
};

bool is_codex_exec_record(const TopLevel& top) {
  return top.type == "thread.started" && top.has("thread_id");
}

}  // namespace

bool is_codex_exec(std::string_view head, const Origin&) {
  return any_line(head, is_codex_exec_record);
}

std::unique_ptr<Reader> open_codex_exec(const Origin& origin) {
  return std::make_unique<CodexExec>(origin);
}

}  // namespace agentpipe::formats
