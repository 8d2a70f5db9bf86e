#include <memory>

#include "agent_session.hpp"
#include "element_reader.hpp"
#include "json_scan.hpp"
#include "rows.hpp"

/// Claude.ai's data export: `conversations.json`, an array of conversations.
namespace agentpipe::formats {
namespace {

constexpr std::string_view k_claude_ai_source = "claude-ai";

std::string text_of(const Node& content) {
  if (content.is_text()) return content.text();
  std::string text;
  content.each([&](const Node& part) {
    const auto piece = part["text"].view();
    if (!piece.empty()) text.append(text.empty() ? "" : "\n").append(piece);
  });
  return text;
}

void add_block(const Node& block, MessageParts& parts) {
  const auto type = block["type"].view();
  if (type == "text") return parts.text(block["text"].view());
  if (type == "thinking") return parts.thinking(block["thinking"].view());
  if (type == "tool_use") {
    const auto input = block["input"].json();
    return parts.tool_call({block["id"].view(), block["name"].view(), input});
  }
  if (type == "tool_result") {
    using Outcome = ToolResult::Outcome;
    const auto outcome = block["is_error"].is_true() ? Outcome::failed : Outcome::ok;
    return parts.tool_result(
        {block["tool_use_id"].view(), block["name"].view(), text_of(block["content"]), outcome});
  }
  if (type == "token_budget" || type == "flag") return;  // the site's own bookkeeping
  parts.notice(type, "*" + std::string(type) + "*");
}

void add_attachment(const Node& file, MessageParts& parts) {
  const auto name = file["file_name"].text();
  const auto contents = file["extracted_content"].view();
  if (name.empty() && contents.empty()) return;
  parts.text("*" + name + "*" + (contents.empty() ? "" : "\n\n" + fenced(contents)));
}

AgentMessage message_of(const Node& message) {
  const bool person = message["sender"].view() == "human";
  AgentMessage out;
  out.id = message["uuid"].text();
  out.agent_id = person ? k_user : k_claude_ai_source;
  out.role = person ? "user" : "assistant";
  message["content"].each([&](const Node& block) { add_block(block, out.parts); });
  if (out.parts.empty()) out.parts.text(message["text"].view());  // older exports
  message["attachments"].each([&](const Node& file) { add_attachment(file, out.parts); });
  message["files"].each([&](const Node& file) { add_attachment(file, out.parts); });
  return out;
}

class ClaudeAiExport final : public ElementReader {
 public:
  using ElementReader::ElementReader;

 private:
  void element(const Node& element, const Place& place, Sink& sink) override {
    if (!element["chat_messages"].is_array()) return sink.skipped(Skip::unknown, place.line);
    AgentSession session(k_claude_ai_source, element["uuid"].view(), origin());
    session.join(k_user, k_user);
    session.join(k_claude_ai_source, k_claude_ai_source, "Claude");
    session.title({}, element["name"].view(), 1, sink);
    element["chat_messages"].each([&](const Node& node) {
      auto message = message_of(node);
      if (message.parts.empty()) return;
      if (message.role == k_user) session.asked(message.parts.content());
      session.message(node["created_at"].time(), std::move(message), sink);
    });
    session.complete(element["updated_at"].time(), {}, sink);
    sink.whole(session.id());
  }
};

}  // namespace

bool is_claude_ai(std::string_view head, const Origin&) {
  const auto top = scan_top_level(first_object(head));
  return top.has("chat_messages") || (top.has("uuid") && top.has("account") && top.has("updated_at"));
}

std::unique_ptr<Reader> open_claude_ai(const Origin& origin) {
  return std::make_unique<ClaudeAiExport>(origin);
}

}  // namespace agentpipe::formats
