#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "document.hpp"
#include "gemini_log.hpp"
#include "gemini_text.hpp"
#include "json_scan.hpp"
#include "record_reader.hpp"
#include "rows.hpp"

/// Session files of Gemini CLI: the log `chats/session-….jsonl`, the older document `….json`, and the
/// document that `gemini --output-format json` prints.
namespace agentpipe::formats {
namespace {

class GeminiFile final : public RecordReader {
 public:
  explicit GeminiFile(const Origin& origin) : RecordReader(origin, Strangers::problem), log_(origin) {}

  void end(Sink& sink) override {
    if (origin().writer == Writer::present) return pause(sink);
    log_.finish(sink);
  }
  void pause(Sink& sink) override { log_.flush_complete(sink); }
  void quiet(Sink& sink) override { log_.flush_quiet(sink); }
  [[nodiscard]] bool settled() const override { return log_.is_empty(); }

 private:
  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    if (!log_.record(record, sink)) sink.skipped(Skip::unknown, number);
  }

  gemini::Log log_;
};

/// The answer and its accounts, nothing else.
void tell_result(const Node& result, const Origin& origin, Sink& sink) {
  AgentSession session(gemini::k_source, result["session_id"].view(), origin);
  session.join(gemini::k_source, gemini::k_source, "Gemini CLI");
  AgentMessage message;
  message.agent_id = gemini::k_source;
  message.role = "assistant";
  message.parts.text(base::trim(result["response"].view()));
  if (auto account = gemini::run_account(result["stats"], prices_of(origin)))
    gemini::carry(std::move(*account), message);
  model::ConversationCompleted completed;
  session.message({}, std::move(message), sink);
  if (const auto error = result["error"]; error.is_object()) {
    completed.status = model::Status::error;
    session.error({}, error["type"].view(), error["message"].view(), sink);
  }
  session.complete({}, std::move(completed), sink);
}

class GeminiDocument final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  void tell(const Node& root, Sink& sink) override {
    if (root["stats"].is_object()) return tell_result(root, origin(), sink);
    gemini::Log log(origin());
    log.record(root, sink);
    if (origin().writer == Writer::gone) return log.finish(sink);
    log.flush_complete(sink);
    if (origin().quiet) log.flush_quiet(sink);
  }
};

bool is_header(const TopLevel& top) {
  return top.has("sessionId") && (top.has("projectHash") || top.has("startTime")) && !top.has("uuid");
}

}  // namespace

bool is_gemini_log(std::string_view head, const Origin&) {
  const auto line = head.substr(0, head.find('\n'));
  return is_header(scan_top_level(line)) && line.ends_with('}');
}

std::unique_ptr<Reader> open_gemini_log(const Origin& origin) {
  return std::make_unique<GeminiFile>(origin);
}

bool is_gemini_document(std::string_view head, const Origin&) {
  const auto top = scan_top_level(head);
  if (top.has("session_id") && top.has("response") && top.type.empty()) return true;
  const bool has_type = top.message_has("type") && top.message_has("content");
  return !top.has("type") && top.has("messages") &&
         (is_header(top) || (has_type && top.message_has("timestamp")));
}

std::unique_ptr<Reader> open_gemini_document(const Origin& origin) {
  return std::make_unique<GeminiDocument>(origin);
}

}  // namespace agentpipe::formats
