#include "json_text.hpp"

#include <charconv>
#include <cstdint>

namespace agentpipe::redact {

namespace {

constexpr std::uint32_t k_replacement = 0xFFFD;

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto tail = [&](unsigned shift) { put(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    put(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The number behind "\u" at `at`; U+FFFD when there are no four hexadecimal digits.
std::uint32_t hex_at(std::string_view text, std::size_t at) {
  std::uint32_t code = k_replacement;
  const auto digits = text.substr(std::min(at, text.size()), 4);
  if (digits.size() == 4) std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  return code;
}

bool is_high(std::uint32_t code) {
  return code >= 0xD800 && code < 0xDC00;
}
bool is_low(std::uint32_t code) {
  return code >= 0xDC00 && code < 0xE000;
}

/// Takes the "uXXXX" at `at`, and its second half where there is one; returns the position behind it.
std::size_t append_code(std::string& out, std::string_view inner, std::size_t at) {
  constexpr std::size_t k_length = 5;
  auto code = hex_at(inner, at + 1);
  at += k_length;
  if (is_high(code) && inner.substr(std::min(at, inner.size()), 2) == "\\u") {
    const auto low = hex_at(inner, at + 2);
    if (is_low(low)) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
      at += k_length + 1;
    }
  }
  append_utf8(out, is_high(code) || is_low(code) ? k_replacement : code);
  return at;
}

char plain(char escape) {
  constexpr std::string_view k_letters = "nrtbf";
  constexpr std::string_view k_meanings = "\n\r\t\b\f";
  const auto place = k_letters.find(escape);
  return place == std::string_view::npos ? escape : k_meanings[place];
}

}  // namespace

std::string unescape(std::string_view inner) {
  std::string out;
  out.reserve(inner.size());
  std::size_t at = 0;
  while (at < inner.size()) {
    const auto escape = std::min(inner.find('\\', at), inner.size());
    out.append(inner, at, escape - at);
    at = escape + 1;
    if (at >= inner.size()) break;
    if (inner[at] == 'u') {
      at = append_code(out, inner, at);
    } else {
      out += plain(inner[at++]);
    }
  }
  return out;
}

std::size_t closing_quote(std::string_view json, std::size_t open) {
  constexpr std::size_t k_escape = 2;  // a backslash and what it protects
  std::size_t at = json.find_first_of("\"\\", open + 1);
  while (at != std::string_view::npos && json[at] == '\\') at = json.find_first_of("\"\\", at + k_escape);
  return at;
}

}  // namespace agentpipe::redact
