#include "value_decoder.hpp"

#include <algorithm>
#include <cmath>

#include "agentpipe/base/text.hpp"
#include "object_decoder.hpp"

namespace agentpipe::model {

namespace dom = simdjson::dom;

bool is_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == ':' || c == '-';
  };
  return !text.empty() && text.size() <= k_max_id && std::ranges::all_of(text, allowed);
}

std::string ValueDecoder::path_of(std::string_view key) const {
  if (path_.empty() || key.empty()) return path_ + std::string(key);
  return path_ + "." + std::string(key);
}

void ValueDecoder::fail(base::Error error) {
  if (!error_) error_ = std::move(error);
}

void ValueDecoder::fail(std::string_view key, std::string reason, const std::string& sentence,
                        base::ErrorCode code) {
  const auto place = path_of(key);
  fail(base::Error{
      code, (place.empty() ? "the event" : place) + " " + sentence, {}, place, std::move(reason)});
}

void ValueDecoder::read(std::string_view key, Rule rule, dom::element value, std::string& into) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return fail(key, "wrong_type", "must be a string");
  if (rule == Rule::id && !is_id(text))
    return fail(key, "bad_id",
                "must be 1 to " + std::to_string(k_max_id) + " characters of A-Z a-z 0-9 . _ : -");
  if (rule == Rule::label && text.size() > k_max_label)
    return fail(key, "too_long", "is longer than " + std::to_string(k_max_label) + " bytes");
  if (rule == Rule::content && text.size() > k_max_content)
    return fail(key, "too_long", "is longer than " + base::human_bytes(k_max_content),
                base::ErrorCode::too_large);
  into = rule == Rule::text ? base::truncate_utf8(text, k_max_text) : text;
}

void ValueDecoder::read(std::string_view key, Rule rule, dom::element value, OptionalText& into) {
  read(key, rule, value, into.emplace());
}

std::optional<double> ValueDecoder::number(std::string_view key, dom::element value, double most) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) {
    fail(key, "wrong_type", "must be a number");
  } else if (!std::isfinite(number) || number < 0 || number > most) {
    fail(key, "out_of_range",
         "must lie between 0 and " + base::group_digits(static_cast<std::uint64_t>(most)));
  } else {
    return number;
  }
  return std::nullopt;
}

void ValueDecoder::read(std::string_view key, Rule /*rule*/, dom::element value, OptionalInt& into) {
  if (std::int64_t exact = 0; value.get(exact) == simdjson::SUCCESS && exact >= 0 && exact <= k_max_integer)
    into = exact;
  else if (const auto rounded = number(key, value, static_cast<double>(k_max_integer)))
    into = std::llround(*rounded);
}

void ValueDecoder::read(std::string_view key, Rule /*rule*/, dom::element value, OptionalDouble& into) {
  into = number(key, value, k_max_cost);
}

void ValueDecoder::read(std::string_view key, Rule rule, dom::element value, Json& into) {
  if (rule == Rule::object && !value.is_object()) return fail(key, "wrong_type", "must be an object");
  if (rule == Rule::array && !value.is_array()) return fail(key, "wrong_type", "must be an array");
  into.text = simdjson::minify(value);
}

void ValueDecoder::read(std::string_view key, Rule /*rule*/, dom::element value, Status& into) {
  std::string_view text;
  const auto status = value.get(text) == simdjson::SUCCESS ? parse_status(text) : std::nullopt;
  if (!status) return fail(key, "bad_status", "must be one of active, completed, interrupted, error");
  into = *status;
}

void ValueDecoder::read(std::string_view key, Rule /*rule*/, dom::element value,
                        std::optional<base::Timestamp>& into) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) into = base::parse_rfc3339(text);
  if (!into)
    fail(key, "bad_timestamp",
         "must be an RFC 3339 time between 1970 and 2200, such as 2026-01-05T08:00:04Z");
}

void ValueDecoder::read(std::string_view key, Rule /*rule*/, dom::element value,
                        std::vector<Participant>& into) {
  dom::array elements;
  if (value.get(elements) != simdjson::SUCCESS) return fail(key, "wrong_type", "must be an array");
  if (elements.size() > k_max_participants)
    return fail(key, "too_many", "has more than " + std::to_string(k_max_participants) + " elements");
  for (const auto element : elements) {
    ValueDecoder decoder(path_of(key) + "[" + std::to_string(into.size()) + "]");
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS)
      return fail(decoder.path_, "wrong_type", "must be an object");
    decode_object(decoder, object, into.emplace_back());
    if (decoder.error()) return fail(*decoder.error());
  }
}

void ValueDecoder::read(std::string_view key, Rule /*rule*/, dom::element value,
                        std::optional<Summary>& into) {
  ValueDecoder decoder(path_of(key));
  into.emplace();
  if (dom::object object; value.get(object) == simdjson::SUCCESS)
    decode_object(decoder, object, *into);
  else
    decoder.read("", Rule::text, value, into->text);
  if (decoder.error()) return fail(*decoder.error());
  if (into->text.empty() && into->short_text) into->text = *into->short_text;
}

}  // namespace agentpipe::model
