#include "claude_reader.hpp"
#include "json_scan.hpp"
#include "rows.hpp"

/// Session files of Claude Code: `projects/<folder>/<session>.jsonl` and, below a session,
/// `subagents/agent-<id>.jsonl`.
namespace agentpipe::formats {
namespace {

class ClaudeFile final : public claude::ClaudeReader {
 public:
  explicit ClaudeFile(Origin origin) : ClaudeReader(std::move(origin), Strangers::problem) {}

 private:
  bool other_record(const Node&, std::string_view, Sink&) override { return false; }
  /// Nothing in a file says that its session is over; that nobody writes to it any more does.
  void conclude(claude::Chat& chat, Sink& sink) override { chat.conversation.session.complete({}, {}, sink); }
};

bool is_claude_file_record(const TopLevel& top) {
  if (top.has("session_id")) return false;
  if (top.type == "summary") return top.has("leafUuid");
  if (top.type == "file-history-snapshot") return top.has("messageId");
  const bool speaks = top.type == "user" || top.type == "assistant";
  if (top.has("sessionId")) return speaks || top.has("uuid") || top.has("requestId") || top.has("parentUuid");
  return speaks && top.has("message") && top.has("timestamp");
}

}  // namespace

bool is_claude_code(std::string_view head, const Origin&) {
  return any_line(head, is_claude_file_record);
}

std::unique_ptr<Reader> open_claude_code(const Origin& origin) {
  return std::make_unique<ClaudeFile>(origin);
}

}  // namespace agentpipe::formats
