#include "json_body.hpp"

#include <simdjson.h>

#include <algorithm>

namespace agentpipe::service {

namespace dom = simdjson::dom;

namespace {

/// Calls `read(dom::element)` on the value of that JSON text.
template <class Read>
auto with(const std::string* json, Read&& read) -> decltype(read(dom::element{})) {
  dom::parser parser;
  dom::element element;
  if (json == nullptr || parser.parse(*json).get(element) != simdjson::SUCCESS) return {};
  return read(element);
}

}  // namespace

base::Result<JsonBody> JsonBody::parse(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
    return base::failure_at({}, base::ErrorCode::invalid, "The body must be a JSON object.", "invalid_json");
  JsonBody body;
  for (const auto [key, value] : object) body.members_.push_back({std::string(key), simdjson::minify(value)});
  return body;
}

const std::string* JsonBody::find(std::string_view key) const {
  const auto found = std::ranges::find(members_, key, &Member::key);
  return found == members_.end() ? nullptr : &found->value;
}

std::optional<std::string> JsonBody::text(std::string_view key) const {
  return with(find(key), [](dom::element element) -> std::optional<std::string> {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
  });
}

std::optional<std::vector<std::string>> JsonBody::texts(std::string_view key) const {
  return with(find(key), [](dom::element element) -> std::optional<std::vector<std::string>> {
    dom::array array;
    if (element.get(array) != simdjson::SUCCESS) return std::nullopt;
    std::vector<std::string> texts;
    for (const dom::element one : array) {
      std::string_view text;
      if (one.get(text) != simdjson::SUCCESS) return std::nullopt;
      texts.emplace_back(text);
    }
    return texts;
  });
}

std::optional<std::string> JsonBody::scalar(std::string_view key) const {
  if (auto given = text(key)) return given;
  return with(find(key), [](dom::element element) -> std::optional<std::string> {
    if (!element.is_number()) return std::nullopt;
    return simdjson::minify(element);
  });
}

JsonBody JsonBody::object(std::string_view key) const {
  const std::string* json = find(key);
  return json == nullptr ? JsonBody{} : parse(*json).value_or(JsonBody{});
}

}  // namespace agentpipe::service
