#include <memory>
#include <unordered_map>
#include <vector>

#include "agent_session.hpp"
#include "element_reader.hpp"
#include "json_scan.hpp"
#include "rows.hpp"

/// ChatGPT's data export: `conversations.json`, an array of trees. The branch that ends in `current_node` is
/// what its person saw last; the others are answers that were made anew.
namespace agentpipe::formats {
namespace {

constexpr std::string_view k_chatgpt_source = "chatgpt";

std::string joined(const Node& list, std::string_view key) {
  std::string text;
  list.each([&](const Node& item) {
    const auto piece = item.is_text() ? item.view() : item[key].view();
    if (!piece.empty()) text.append(text.empty() ? "" : "\n").append(piece);
  });
  return text;
}

void add_part(const Node& part, MessageParts& parts) {
  if (part.is_text()) return parts.text(part.view());
  if (const auto text = part["text"]; text.is_text()) return parts.text(text.view());
  const auto type = part["content_type"].view();
  if (type == "image_asset_pointer")
    return parts.image("image", static_cast<std::size_t>(part["size_bytes"].count_or_0()));
  parts.notice(type, "*" + std::string(type) + "*");
}

/// What was said, where it is plain text: code, output, a quotation.
std::string plain(const Node& content) {
  const auto text = content.either("text", "result");
  return text.is_text() ? text.text() : joined(content["parts"], "text");
}

void add_content(const Node& content, MessageParts& parts) {
  if (const auto thoughts = content["thoughts"]; thoughts.is_array())
    return parts.thinking(joined(thoughts, "content"));
  if (content["content_type"].view() == "reasoning_recap") return parts.thinking(content["content"].view());
  if (content["parts"].is_array())
    return content["parts"].each([&](const Node& part) { add_part(part, parts); });
  const auto text = plain(content);
  parts.text(content["content_type"].view() == "code" && !text.empty() ? fenced(text) : text);
}

class Conversation {
 public:
  Conversation(const Node& root, const Origin& origin)
      : root_(root), session_(k_chatgpt_source, root.either("conversation_id", "id").view(), origin) {
    session_.join(k_user, k_user);
    session_.join(k_chatgpt_source, k_chatgpt_source, "ChatGPT");
  }

  void tell(Sink& sink) {
    session_.title({}, root_["title"].view(), 1, sink);
    for (const auto& node : branch()) message(node["message"], sink);
    session_.complete(root_["update_time"].epoch_seconds(), {}, sink);
    sink.whole(session_.id());
  }

 private:
  /// From the root to the current node. A parent that was seen before ends the walk.
  std::vector<Node> branch() const {
    std::unordered_map<std::string_view, Node> nodes;
    std::string_view leaf;
    root_["mapping"].each_member([&](std::string_view id, const Node& node) {
      nodes.emplace(id, node);
      leaf = id;
    });
    if (const auto current = root_["current_node"].view(); nodes.contains(current)) leaf = current;
    std::vector<Node> path;
    for (auto at = nodes.extract(leaf); !at.empty(); at = nodes.extract(path.back()["parent"].view()))
      path.push_back(at.mapped());
    return {path.rbegin(), path.rend()};
  }

  void message(const Node& message, Sink& sink) {
    const auto role = message["author"]["role"].view();
    const bool hidden = message["metadata"]["is_visually_hidden_from_conversation"].is_true();
    if (role == "system" || hidden || !message.is_object()) return;
    AgentMessage out;
    out.id = message["id"].text();
    out.agent_id = role == k_user ? k_user : k_chatgpt_source;
    out.role = role == "tool" ? "tool" : role == k_user ? "user" : "assistant";
    if (role != k_user) out.model = message["metadata"]["model_slug"].text();
    add(message, role, out.parts);
    if (out.parts.empty()) return;
    if (role == k_user) session_.asked(out.parts.content());
    session_.message(message["create_time"].epoch_seconds(), std::move(out), sink);
  }

  /// A message to somebody else than the person is a call of that tool.
  void add(const Node& message, std::string_view role, MessageParts& parts) {
    const auto content = message["content"];
    const auto recipient = message["recipient"].view();
    if (role == "tool") return parts.tool_result({call_, message["author"]["name"].view(), plain(content)});
    if (role == "assistant" && !recipient.empty() && recipient != "all") {
      call_ = message["id"].text();
      return parts.tool_call({call_, recipient, plain(content), ToolCall::Input::text});
    }
    add_content(content, parts);
  }

  Node root_;
  AgentSession session_;
  std::string call_;  ///< the last one
};

class ChatGptExport final : public ElementReader {
 public:
  using ElementReader::ElementReader;

 private:
  void element(const Node& element, const Place& place, Sink& sink) override {
    if (!element["mapping"].is_object()) return sink.skipped(Skip::unknown, place.line);
    Conversation(element, origin()).tell(sink);
  }
};

}  // namespace

bool is_chatgpt(std::string_view head, const Origin&) {
  const auto top = scan_top_level(first_object(head));
  return top.has("mapping") && (top.has("current_node") || top.has("title") || top.has("create_time"));
}

std::unique_ptr<Reader> open_chatgpt(const Origin& origin) {
  return std::make_unique<ChatGptExport>(origin);
}

}  // namespace agentpipe::formats
