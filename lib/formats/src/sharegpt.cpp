#include <array>
#include <memory>

#include "chat_draft.hpp"
#include "element_reader.hpp"
#include "json_scan.hpp"
#include "rows.hpp"

/// ShareGPT: `{"conversations":[{"from","value"}]}` and, of the same family, `{"conversation":[{"human",
/// "assistant"}]}`; in an array or one a line.
namespace agentpipe::formats {
namespace {

constexpr std::string_view k_sharegpt_source = "sharegpt";
constexpr std::string_view k_assistant = "assistant";

struct Speaker {
  std::string_view from;
  std::string_view role;
};
constexpr Speaker k_speakers[] = {
    {"human", "user"},
    {"user", "user"},
    {"gpt", "assistant"},
    {"chatgpt", "assistant"},
    {"bing", "assistant"},
    {"bard", "assistant"},
    {"assistant", "assistant"},
    {"model", "assistant"},
    {"system", "system"},
    {"tool", "tool"},
    {"observation", "tool"},
    {"function_response", "tool"},
    {"function_call", "assistant"},
};

/// Who is not in the table is an assistant of that name.
std::string_view role_of(std::string_view from) {
  for (const auto& speaker : k_speakers) {
    if (speaker.from == from) return speaker.role;
  }
  return k_assistant;
}

ChatDraft::Said said(std::string_view role, std::string_view text) {
  ChatDraft::Said said;
  said.message.role = std::string(role);
  said.message.agent_id = role == "tool" ? k_assistant : role;
  if (role == "tool") {
    said.message.parts.tool_result({{}, {}, text});
  } else {
    said.message.parts.text(text);
  }
  return said;
}

class ShareGpt final : public ElementReader {
 public:
  using ElementReader::ElementReader;

 private:
  void element(const Node& element, const Place& place, Sink& sink) override {
    const auto turns = element.either("conversations", "conversation");
    if (!turns.is_array()) return sink.skipped(Skip::unknown, place.line);
    ChatDraft draft(k_sharegpt_source, element["id"].view(), conversations_++, origin());
    draft.set_title(element["title"].view());
    add("system", element.either("system", "system_prompt"), draft, sink);
    turns.each([&](const Node& turn) { add_turn(turn, place, draft, sink); });
    draft.finish({}, sink);
  }

  static void add(std::string_view role, const Node& text, ChatDraft& draft, Sink& sink) {
    if (!text.view().empty()) draft.add(said(role, text.view()), sink);
  }

  static void add_turn(const Node& turn, const Place& place, ChatDraft& draft, Sink& sink) {
    const auto from = turn.either("from", "role").view();
    const auto value = turn.either("value", "content");
    if (!from.empty()) return add(role_of(from), value, draft, sink);
    if (turn["human"].is_null() && turn["assistant"].is_null())
      return sink.skipped(Skip::unknown, place.line);
    add("user", turn["human"], draft, sink);
    add("assistant", turn["assistant"], draft, sink);
  }

  std::uint64_t conversations_ = 0;
};

}  // namespace

bool is_sharegpt(std::string_view head, const Origin&) {
  const auto object = first_object(head);
  const auto top = scan_top_level(object);
  const auto has = [&](std::string_view key) { return object.find(key) != std::string_view::npos; };
  if (top.has("conversations")) return has("\"from\"") && has("\"value\"");
  return top.has("conversation") && has("\"human\"") && has("\"assistant\"");
}

std::unique_ptr<Reader> open_sharegpt(const Origin& origin) {
  return std::make_unique<ShareGpt>(origin);
}

}  // namespace agentpipe::formats
