#include "session_cursor.hpp"

#include <array>
#include <charconv>

#include "agentpipe/base/text.hpp"

namespace agentpipe::service {

namespace {

constexpr std::string_view k_orders = "suctmdn";  // first letters, in the order of SessionSort

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read(std::string_view text, std::string& into) {
  auto decoded = base::percent_decode(text, false);
  if (!decoded || !base::is_valid_utf8(*decoded)) return false;
  into = std::move(*decoded);
  return true;
}

template <class Number>
std::string written(Number number) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end};
}

std::string written(const std::string& text) {
  return base::percent_encode(text);
}

char letter_of(store::SessionSort sort) {
  return k_orders[static_cast<std::size_t>(sort)];
}

}  // namespace

std::string format_session_cursor(const store::SessionPlace& place, store::SessionSort sort) {
  const auto value = std::visit([](const auto& one) { return written(one); }, place.value);
  return letter_of(sort) + value + "." + written(place.number);
}

std::optional<store::SessionPlace> parse_session_cursor(std::string_view text, store::SessionSort sort) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.front() != letter_of(sort)) return std::nullopt;
  store::SessionPlace place{store::blank_value(sort)};
  const bool fine =
      std::visit([&](auto& value) { return read(text.substr(1, dot - 1), value); }, place.value) &&
      read(text.substr(dot + 1), place.number);
  return fine ? std::optional(place) : std::nullopt;
}

}  // namespace agentpipe::service
