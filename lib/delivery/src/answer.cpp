#include "answer.hpp"

#include <nlohmann/json.hpp>

#include "agentpipe/base/text.hpp"

namespace agentpipe::delivery {

namespace {

using nlohmann::json;

constexpr std::size_t k_max_reason = 200;

std::string sentence_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return base::one_line(base::terminal_safe(found->get_ref<const std::string&>()), k_max_reason);
}

/// `success` decides when it is there; without it, an id of what was stored does.
bool acknowledges(const json& object) {
  if (const auto success = object.find("success"); success != object.end()) return *success == true;
  for (const char* key : {"message_id", "messageId", "conversation_id", "conversationId"}) {
    if (const auto found = object.find(key); found != object.end() && found->is_string()) return true;
  }
  return false;
}

std::string reason_of(const json& object) {
  for (const char* key : {"message", "details", "error"}) {
    if (std::string text = sentence_of(object, key); !text.empty()) return text;
  }
  return {};
}

std::optional<std::uint64_t> number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

std::vector<RefusedRecord> rejected_of(const json& object) {
  std::vector<RefusedRecord> records;
  const auto list = object.find("rejected");
  if (list == object.end() || !list->is_array()) return records;
  for (const json& item : *list) {
    if (!item.is_object()) continue;
    if (const auto n = number_of(item, "n")) {
      records.push_back({*n, sentence_of(item, "code"), sentence_of(item, "reason")});
    }
  }
  return records;
}

}  // namespace

ParsedAnswer parse_answer(std::string_view body) {
  const json object = json::parse(body, nullptr, /*allow_exceptions=*/false);
  ParsedAnswer answer;
  answer.is_object = object.is_object();
  if (!answer.is_object) return answer;
  answer.acknowledges = acknowledges(object);
  answer.acked_n = number_of(object, "acked_n");
  answer.expected_n = number_of(object, "expected_n");
  answer.rejected = rejected_of(object);
  answer.code = sentence_of(object, "code");
  answer.reason = reason_of(object);
  return answer;
}

}  // namespace agentpipe::delivery
