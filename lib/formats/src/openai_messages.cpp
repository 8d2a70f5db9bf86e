#include <memory>

#include "element_reader.hpp"
#include "json_scan.hpp"
#include "openai_text.hpp"
#include "rows.hpp"

/// Messages as the chat interfaces of OpenAI and many others take them: a list of messages, an object with
/// `messages`, or many of either, in an array or one a line.
namespace agentpipe::formats {
namespace {

constexpr std::string_view k_openai_source = "openai-messages";

class OpenAiMessages final : public ElementReader {
 public:
  using ElementReader::ElementReader;

 private:
  void element(const Node& element, const Place& place, Sink& sink) override {
    if (openai::is_message(element)) return of_list(element, place, sink);
    finish(sink);
    const auto messages = element.is_array() ? element : element["messages"];
    if (!messages.is_array()) return sink.skipped(Skip::unknown, place.line);
    const auto own_id = element.either("id", "conversation_id").text();
    ChatDraft draft(k_openai_source, own_id, conversations_++, origin());
    draft.set_title(element.either("title", "name").view());
    const auto model = element["model"].text();
    const auto at = openai::time_of(element);
    messages.each([&](const Node& message) { add(message, model, at, place, draft, sink); });
    if (element["choices"].is_array()) {  // a request with its answer
      element["choices"].each(
          [&](const Node& choice) { add(choice["message"], model, at, place, draft, sink); });
    }
    draft.finish(at, sink);
  }

  void add(const Node& message, const std::string& model, std::optional<base::Timestamp> at,
           const Place& place, ChatDraft& draft, Sink& sink) {
    if (!openai::is_message(message)) return sink.skipped(Skip::unknown, place.line);
    auto said = openai::said(message, inner_);
    if (said.message.parts.empty()) return sink.skipped(Skip::internal, place.line);
    if (!said.at) said.at = at;
    if (said.message.model.empty() && said.message.role == "assistant") said.message.model = model;
    draft.add(std::move(said), sink);
  }

  /// The elements of one array of messages are one conversation.
  void of_list(const Node& message, const Place& place, Sink& sink) {
    if (!list_ || list_value_ != place.value) {
      finish(sink);
      list_value_ = place.value;
      list_.emplace(k_openai_source, "", conversations_++, origin());
    }
    add(message, {}, {}, place, *list_, sink);
  }

  void finish(Sink& sink) override {
    if (list_) list_->finish({}, sink);
    list_.reset();
  }

  JsonLine inner_;
  std::optional<ChatDraft> list_;
  std::uint64_t list_value_ = 0;
  std::uint64_t conversations_ = 0;
};

bool is_body(const TopLevel& top) {
  return top.has("role") && (top.has("content") || top.has("tool_calls"));
}

}  // namespace

bool is_openai_messages(std::string_view head, const Origin&) {
  const auto object = first_object(head);
  const auto top = scan_top_level(object);
  if (!top.type.empty() || top.has("sessionId") || top.has("session_id")) return false;
  if (is_body(top)) return true;
  return top.message_has("role") && (top.message_has("content") || top.message_has("tool_calls"));
}

std::unique_ptr<Reader> open_openai_messages(const Origin& origin) {
  return std::make_unique<OpenAiMessages>(origin);
}

}  // namespace agentpipe::formats
