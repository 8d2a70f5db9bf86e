#include <algorithm>
#include <array>
#include <span>

#include "agentpipe/base/text.hpp"
#include "clean.hpp"
#include "gemini_log.hpp"
#include "gemini_text.hpp"
#include "json_scan.hpp"
#include "record_reader.hpp"
#include "rows.hpp"

/// Standard output of `gemini --output-format stream-json`.
namespace agentpipe::formats {
namespace {

using Time = std::optional<base::Timestamp>;

class GeminiStream final : public RecordReader {
 public:
  explicit GeminiStream(const Origin& origin) : RecordReader(origin, Strangers::expected) {}

  void end(Sink& sink) override { release(sink); }

 private:
  struct Handler {
    std::string_view type;
    void (GeminiStream::*take)(const Node& record, Time at, Sink& sink);
  };
  static std::span<const Handler> handlers();

  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    const auto type = record["type"].view();
    const auto at = record["timestamp"].time();
    for (const auto& handler : handlers()) {
      if (handler.type == type && (session_ || type == "init"))
        return (this->*handler.take)(record, at, sink);
    }
    sink.skipped(Skip::unknown, number);
    if (session_ && session_->keeps_unknown()) session_->unknown(at, type, record.json(), sink);
  }

  /// The conversation begins with its prompt, which comes next.
  void init(const Node& record, Time, Sink&) {
    if (!session_) session_.emplace(gemini::k_source, record["session_id"].view(), origin());
    session_->join(k_user, k_user);
    session_->join(gemini::k_source, gemini::k_source, "Gemini CLI");
    model_ = record["model"].text();
    if (model_ == "auto") model_.clear();  // it is chosen request by request
  }

  AgentMessage agent_message(std::string_view role) const {
    AgentMessage message;
    message.agent_id = gemini::k_source;
    message.role = std::string(role);
    message.model = model_;
    return message;
  }

  void message(const Node& record, Time at, Sink& sink) {
    if (record["role"].view() == k_user) {
      release(sink);
      session_->prompt(at, {}, base::trim(record["content"].view()), sink);
      return;
    }
    if (!record["delta"].is_true()) release(sink);
    if (!text_) text_at_ = at;
    text_ = text_.value_or("") + record["content"].text();
    constexpr std::size_t k_most = 8UL << 20U;
    if (text_->size() > k_most) release(sink);
  }

  void tool_use(const Node& record, Time at, Sink& sink) {
    release(sink);
    auto message = agent_message("assistant");
    message.id = "call-" + record["tool_id"].text();
    const auto parameters = record["parameters"].json();
    message.parts.tool_call({record["tool_id"].view(), record["tool_name"].view(), parameters});
    session_->message(at, std::move(message), sink);
  }

  void tool_result(const Node& record, Time at, Sink& sink) {
    release(sink);
    using Outcome = ToolResult::Outcome;
    auto message = agent_message("tool");
    message.id = "result-" + record["tool_id"].text();
    auto output = record["output"].text();
    if (output.empty()) output = record["error"]["message"].text();
    const bool failed = record["status"].view() == "error";
    message.parts.tool_result({record["tool_id"].view(), {}, output, failed ? Outcome::failed : Outcome::ok});
    session_->message(at, std::move(message), sink);
  }

  void error(const Node& record, Time at, Sink& sink) {
    release(sink);
    session_->error(at, record["severity"].view(), record["message"].view(), sink);
  }

  void result(const Node& record, Time at, Sink& sink) {
    account_ = gemini::run_account(record["stats"], prices_of(origin()));
    if (!text_ && account_ && account_->usage.total() > 0) text_ = "";
    release(sink);
    model::ConversationCompleted completed;
    if (record["status"].view() == "error") {
      completed.status = model::Status::error;
      session_->error(at, record["error"]["type"].view(), record["error"]["message"].view(), sink);
    }
    if (const auto duration = record["stats"]["duration_ms"].count())
      completed.duration_seconds = duration_seconds(*duration);
    session_->complete(at, std::move(completed), sink);
  }

  /// The words that came piece by piece are a message now.
  void release(Sink& sink) {
    if (!text_ || !session_) return;
    auto message = agent_message("assistant");
    message.parts.text(base::trim(*text_));
    if (message.parts.empty()) message.parts.notice("usage", gemini::k_no_answer);
    if (account_) gemini::carry(*std::exchange(account_, std::nullopt), message);
    text_.reset();
    session_->message(text_at_, std::move(message), sink);
  }

  std::optional<AgentSession> session_;
  std::string model_;
  std::optional<std::string> text_;
  Time text_at_;
  std::optional<gemini::RunAccount> account_;
};

std::span<const GeminiStream::Handler> GeminiStream::handlers() {
  static constexpr Handler k_table[] = {
      {"init", &GeminiStream::init},         {"message", &GeminiStream::message},
      {"tool_use", &GeminiStream::tool_use}, {"tool_result", &GeminiStream::tool_result},
      {"error", &GeminiStream::error},       {"result", &GeminiStream::result},
  };
  return k_table;
}

bool is_gemini_stream_record(const TopLevel& top) {
  return top.type == "init" && top.has("session_id") && top.has("model");
}

}  // namespace

bool is_gemini_stream(std::string_view head, const Origin&) {
  return any_line(head, is_gemini_stream_record);
}

std::unique_ptr<Reader> open_gemini_stream(const Origin& origin) {
  return std::make_unique<GeminiStream>(origin);
}

}  // namespace agentpipe::formats
