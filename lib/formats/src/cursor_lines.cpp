#include <memory>

#include "claude_text.hpp"
#include "cursor_chat.hpp"
#include "json_scan.hpp"
#include "record_reader.hpp"
#include "rows.hpp"

/// Transcripts of Cursor's agent as JSONL, a message a line: `{role, message{content[]}}`, with the blocks of
/// Anthropic's API.
namespace agentpipe::formats {
namespace {

class CursorLines final : public RecordReader {
 public:
  explicit CursorLines(const Origin& origin) : RecordReader(origin, Strangers::problem), chat_(origin) {}

  void end(Sink& sink) override {
    if (origin().writer == Writer::gone) chat_.session.complete({}, {}, sink);
  }

 private:
  void record(const Node& record, std::uint64_t number, Sink& sink) override {
    const auto role = record["role"].view();
    const auto content = record["message"]["content"];
    const bool known = (role == "user" || role == "assistant") && (content.is_text() || content.is_array());
    if (!known) return unknown(record, number, sink);
    const bool told = role == "user" ? user(content, sink) : assistant(content, sink);
    if (!told) sink.skipped(Skip::internal, number);
  }

  void unknown(const Node& record, std::uint64_t number, Sink& sink) {
    sink.skipped(Skip::unknown, number);
    const auto type = record.either("type", "role").view();
    if (!type.empty() && chat_.session.keeps_unknown()) chat_.session.unknown({}, type, record.json(), sink);
  }

  bool user(const Node& content, Sink& sink) {
    auto text = content.text();
    content.each([&](const Node& block) {
      if (block["type"].view() != "text") return;
      text.append(text.empty() ? "" : "\n").append(block["text"].view());
    });
    const bool asked = chat_.user(text, sink);
    return results(content, sink) || asked;
  }

  bool results(const Node& content, Sink& sink) {
    bool told = false;
    content.each([&](const Node& block) {
      if (block["type"].view() != "tool_result") return;
      told = chat_.result(claude::result_parts(block, {}), sink) || told;
    });
    return told;
  }

  bool assistant(const Node& content, Sink& sink) {
    MessageParts parts;
    parts.text(content.view());
    content.each([&](const Node& block) { claude::add_block(block, parts); });
    const bool said = chat_.assistant(std::move(parts), sink);
    return results(content, sink) || said;
  }

  cursor::Chat chat_;
};

bool is_cursor_record(const TopLevel& top) {
  return top.has("role") && top.has("message") && top.type.empty() && !top.has("sessionId") &&
         !top.has("timestamp");
}

}  // namespace

bool is_cursor_lines(std::string_view head, const Origin&) {
  return any_line(head, is_cursor_record);
}

std::unique_ptr<Reader> open_cursor_lines(const Origin& origin) {
  return std::make_unique<CursorLines>(origin);
}

}  // namespace agentpipe::formats
