#include "session_cursor.hpp"

#include <array>
#include <charconv>

#include "agentpipe/base/text.hpp"

namespace agentpipe::service {

namespace {

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string to_text(double number) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end};
}

std::string value_of(const store::SessionPlace& place) {
  if (const auto* whole = std::get_if<std::int64_t>(&place.value)) return "i" + std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&place.value)) return "d" + to_text(*number);
  return "s" + base::percent_encode(std::get<std::string>(place.value));
}

template <class T>
std::optional<store::SessionPlace> at(std::optional<T> value, std::int64_t number) {
  if (!value) return std::nullopt;
  return store::SessionPlace{std::move(*value), number};
}

}  // namespace

std::string format_session_cursor(const store::SessionPlace& place) {
  return value_of(place) + "." + std::to_string(place.number);
}

std::optional<store::SessionPlace> parse_session_cursor(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const auto number = parse<std::int64_t>(text.substr(dot + 1));
  const auto value = text.substr(1, dot - 1);
  if (!number) return std::nullopt;
  if (text.front() == 'i') return at(parse<std::int64_t>(value), *number);
  if (text.front() == 'd') return at(parse<double>(value), *number);
  if (text.front() == 's') return at(base::percent_decode(value, false), *number);
  return std::nullopt;
}

}  // namespace agentpipe::service
