#include "json_document.hpp"

#include <charconv>
#include <optional>

#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::model {

namespace {

constexpr std::size_t k_escape_length = 6;  // \uXXXX

std::optional<unsigned> code_unit(std::string_view json, std::size_t at) {
  if (at + k_escape_length > json.size() || json[at] != '\\' || json[at + 1] != 'u') return std::nullopt;
  unsigned value = 0;
  const char* digits = json.data() + at + 2;
  const auto [end, error] = std::from_chars(digits, digits + 4, value, 16);
  if (error != std::errc{} || end != digits + 4) return std::nullopt;
  return value;
}

bool is_high_surrogate(unsigned unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(unsigned unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

}  // namespace

void repair_escapes(std::string& json) {
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at)) {
    const auto unit = code_unit(json, at);
    if (!unit) {
      at += 2;
      continue;
    }
    if (is_high_surrogate(*unit)) {
      const auto next = code_unit(json, at + k_escape_length);
      if (next && is_low_surrogate(*next)) {
        at += 2 * k_escape_length;
        continue;
      }
    }
    if (*unit == 0 || is_high_surrogate(*unit) || is_low_surrogate(*unit)) json.replace(at + 2, 4, "FFFD");
    at += k_escape_length;
  }
}

JsonDocument::JsonDocument() {
  constexpr std::size_t first_capacity = 64UL * 1024;
  if (parser_.allocate(first_capacity, k_max_depth) != simdjson::SUCCESS) throw std::bad_alloc();
}

JsonDocument& JsonDocument::of_thread() {
  thread_local JsonDocument document;
  return document;
}

base::Result<simdjson::dom::element> JsonDocument::parse(std::string_view json) {
  buffer_.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  buffer_.assign(json);
  repair_escapes(buffer_);
  simdjson::dom::element root;
  const auto error = parser_.parse(buffer_.data(), buffer_.size(), false).get(root);
  switch (error) {
    case simdjson::SUCCESS:
      return root;
    case simdjson::UTF8_ERROR:
      return base::failure_at("", base::ErrorCode::invalid, "the body is not valid UTF-8", "invalid_utf8");
    case simdjson::DEPTH_ERROR:
      return base::failure_at("", base::ErrorCode::invalid,
                              "the JSON is nested deeper than " + std::to_string(k_max_depth) + " levels",
                              "too_deep");
    case simdjson::EMPTY:
      return base::failure_at("", base::ErrorCode::invalid, "the body is empty", "invalid_json");
    default:
      return base::failure_at("", base::ErrorCode::invalid,
                              std::string("the body is not valid JSON: ") + simdjson::error_message(error),
                              "invalid_json");
  }
}

}  // namespace agentpipe::model
