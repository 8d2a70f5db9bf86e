#include "small_body.hpp"

#include <simdjson.h>

#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::service {

namespace dom = simdjson::dom;

tl::unexpected<base::Error> bad_field(std::string_view name, const std::string& sentence) {
  return base::failure_at(std::string(name), base::ErrorCode::invalid, std::string(name) + " " + sentence,
                          "bad_field");
}

struct SmallBody::Document {
  dom::parser parser;
  dom::object root;

  [[nodiscard]] std::optional<dom::element> find(std::string_view name) const {
    dom::element value;
    if (root[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    return value;
  }
};

SmallBody::SmallBody(std::unique_ptr<Document> document) : document_(std::move(document)) {}
SmallBody::SmallBody(SmallBody&&) noexcept = default;
SmallBody& SmallBody::operator=(SmallBody&&) noexcept = default;
SmallBody::~SmallBody() = default;

base::Result<SmallBody> SmallBody::parse(std::string_view text) {
  auto document = std::make_unique<Document>();
  const auto parsed = document->parser.parse(simdjson::padded_string(text)).get(document->root);
  if (parsed != simdjson::SUCCESS)
    return base::failure_at("", base::ErrorCode::invalid, "The body must be one JSON object.",
                            "invalid_json");
  return SmallBody(std::move(document));
}

base::Result<std::optional<std::string>> SmallBody::optional_text(std::string_view name,
                                                                  std::size_t most) const {
  const auto value = document_->find(name);
  if (!value) return std::optional<std::string>();
  std::string_view text;
  if (value->get(text) != simdjson::SUCCESS) return bad_field(name, "must be text");
  text = base::trim(text);
  if (text.size() > most) return bad_field(name, "may have at most " + std::to_string(most) + " bytes");
  if (text.find('\0') != std::string_view::npos) return bad_field(name, "must not hold NUL");
  return std::optional(std::string(text));
}

base::Result<std::string> SmallBody::text(std::string_view name, std::size_t least, std::size_t most) const {
  auto value = optional_text(name, most);
  if (!value) return base::forward(value);
  if (!*value || (*value)->size() < least) return bad_field(name, "is required");
  return std::move(**value);
}

base::Result<std::optional<std::int64_t>> SmallBody::number(std::string_view name, std::int64_t least,
                                                            std::int64_t most) const {
  const auto value = document_->find(name);
  if (!value) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  if (value->get(number) != simdjson::SUCCESS || number < least || number > most) {
    return bad_field(name,
                     "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return std::optional(number);
}

base::Result<std::vector<std::string>> SmallBody::words(std::string_view name, std::size_t most) const {
  std::vector<std::string> words;
  const auto value = document_->find(name);
  if (!value) return words;
  dom::array array;
  if (value->get(array) != simdjson::SUCCESS) return bad_field(name, "must be an array of texts");
  for (const auto element : array) {
    std::string_view word;
    if (element.get(word) != simdjson::SUCCESS) return bad_field(name, "must be an array of texts");
    if (words.size() == most)
      return bad_field(name, "may have at most " + std::to_string(most) + " elements");
    words.emplace_back(word);
  }
  return words;
}

}  // namespace agentpipe::service
