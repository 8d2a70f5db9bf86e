#include "agentpipe/delivery/stored_session.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agentpipe/base/text.hpp"
#include "json_text.hpp"

namespace agentpipe::delivery {

namespace {

using nlohmann::json;

/// Without the texts, which are nearly all of it.
json parse_without_contents(std::string_view body) {
  const auto keep = [](int, json::parse_event_t event, json& parsed) {
    return event != json::parse_event_t::key || parsed != "content";
  };
  return json::parse(body, keep, /*allow_exceptions=*/false);
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view k_pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const auto fits = [](char c, char wanted) {
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return wanted == '-' ? c == '-' : hex;
  };
  return std::equal(text.begin(), text.end(), k_pattern.begin(), k_pattern.end(), fits);
}

}  // namespace

bool StoredSession::has(const model::Event& event) const {
  if (const auto* message = std::get_if<model::MessageCreated>(&event.body))
    return messages.contains(plain_message_id(*message));
  return !status.empty() && std::holds_alternative<model::ConversationStarted>(event.body);
}

Request session_request(std::string_view conversation_id) {
  Request request{"GET", "/api/conversations/" + base::percent_encode(conversation_id), {}, {}, {}};
  request.expected = Request::Expected::session;
  return request;
}

std::optional<StoredSession> read_session(const Response& answer) {
  if (answer.fault != NetworkFault::none) return std::nullopt;
  const json conversation = parse_without_contents(answer.body);
  if (!conversation.is_object()) return std::nullopt;
  if (answer.status == 404) return StoredSession{};
  if (answer.status != 200 || text_of(conversation, "id").empty()) return std::nullopt;
  StoredSession session{text_of(conversation, "status")};
  if (session.status.empty()) session.status = model::to_string(model::Status::active);
  session.error = text_of(conversation, "errorMessage");
  const auto messages = conversation.find("messages");
  if (messages == conversation.end() || !messages->is_array()) return session;
  for (const json& message : *messages) session.messages.insert(text_of(message, "id"));
  session.messages.erase("");
  return session;
}

std::string plain_message_id(const model::MessageCreated& message) {
  const std::string prefix = message.conversation_id + ":";
  const bool unique = is_uuid(message.message_id) || message.message_id.starts_with(prefix);
  return unique ? message.message_id : prefix + message.message_id;
}

}  // namespace agentpipe::delivery
