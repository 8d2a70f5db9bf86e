#include "json_line.hpp"

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"
#include "clean.hpp"
#include "times.hpp"

namespace agentpipe::formats {
namespace {

/// What a record carries goes a few levels deeper into an event: parts, call, input.
constexpr std::size_t k_envelope_depth = 8;
constexpr std::size_t k_first_capacity = 8UL << 10U;

}  // namespace

Node Node::operator[](std::string_view key) const {
  simdjson::dom::object object;
  simdjson::dom::element member;
  if (!element_ || element_->get(object) != simdjson::SUCCESS) return {};
  return object.at_key(key).get(member) == simdjson::SUCCESS ? Node(member) : Node();
}

Node Node::either(std::string_view key, std::string_view other) const {
  const Node first = (*this)[key];
  return first.is_null() ? (*this)[other] : first;
}

bool Node::is_true() const {
  bool value = false;
  return element_ && element_->get(value) == simdjson::SUCCESS && value;
}

std::string_view Node::view() const {
  std::string_view text;
  return element_ && element_->get(text) == simdjson::SUCCESS ? text : std::string_view();
}

model::OptionalText Node::label() const {
  const auto text = base::truncate_utf8(view(), model::k_max_label);
  return text.empty() ? model::OptionalText() : std::string(text);
}

model::OptionalInt Node::count() const {
  double number = 0;
  if (!element_ || element_->get(number) != simdjson::SUCCESS) return std::nullopt;
  if (!(number >= 0 && number <= static_cast<double>(model::k_max_integer))) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

model::OptionalDouble Node::money() const {
  double number = 0;
  if (!element_ || element_->get(number) != simdjson::SUCCESS) return std::nullopt;
  return number > 0 && number <= model::k_max_cost ? model::OptionalDouble(number) : std::nullopt;
}

std::optional<base::Timestamp> Node::time() const {
  return base::parse_rfc3339(view());
}

std::optional<base::Timestamp> Node::epoch_seconds() const {
  double number = 0;
  if (!element_ || element_->get(number) != simdjson::SUCCESS) return std::nullopt;
  return time_of_seconds(number);
}

std::optional<base::Timestamp> Node::epoch_ms() const {
  return time_of_ms(count_or_0());
}

std::string Node::json() const {
  return element_ ? simdjson::minify(*element_) : std::string();
}

JsonLine::JsonLine() {
  if (parser_.allocate(k_first_capacity, model::k_max_depth - k_envelope_depth) != simdjson::SUCCESS)
    throw std::bad_alloc();
}

base::Result<Node> JsonLine::parse(std::string_view json) {
  simdjson::dom::element root;
  auto error = parse(json, root);
  if (error == simdjson::UTF8_ERROR) error = parse(cleaned(json), root);
  if (error != simdjson::SUCCESS)
    return base::failure(base::ErrorCode::invalid, simdjson::error_message(error));
  return Node(root);
}

simdjson::error_code JsonLine::parse(std::string_view json, simdjson::dom::element& root) {
  buffer_.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  buffer_.assign(json);
  if (json.find("\\u") != std::string_view::npos) model::repair_escapes(buffer_);
  // Left to itself it would grow to the length of each line that is a little longer than all before.
  if (const auto grown = 2 * parser_.capacity();
      parser_.capacity() < buffer_.size() && buffer_.size() < grown) {
    if (const auto error = parser_.allocate(grown, parser_.max_depth()); error != simdjson::SUCCESS)
      return error;
  }
  return parser_.parse(buffer_.data(), buffer_.size(), false).get(root);
}

}  // namespace agentpipe::formats
