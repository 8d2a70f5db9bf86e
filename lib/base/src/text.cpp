#include "agentpipe/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "agentpipe/base/utf8.hpp"

namespace agentpipe::base {

namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD";  // U+FFFD

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_unreserved(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool equals_ignore_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> parse_switch(std::string_view text) {
  for (const auto word : {"true", "1", "yes", "on"})
    if (equals_ignore_case(text, word)) return true;
  for (const auto word : {"false", "0", "no", "off"})
    if (equals_ignore_case(text, word)) return false;
  return std::nullopt;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string repair_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto length = utf8_length(text);
    result.append(length == 0 ? k_replacement : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::string_view truncate_utf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && !starts_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::string one_line(std::string_view text, std::size_t characters) {
  text = trim(text);
  const auto line = trim(text.substr(0, text.find_first_of("\r\n")));
  std::size_t end = 0;
  for (std::size_t count = 0; end < line.size() && count < characters; ++count)
    end += std::max<std::size_t>(utf8_length(line.substr(end)), 1);
  std::string result(line.substr(0, end));
  if (end < text.size()) result += "…";
  return result;
}

std::string terminal_safe(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto length = utf8_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool c1 = length == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    const bool control = (first < 0x20 && first != '\t' && first != '\n') || first == 0x7F || c1;
    result.append(length == 0 || control ? k_replacement : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::string mask_key(std::string_view key) {
  constexpr std::size_t shortest_with_tail = 12;
  constexpr std::size_t tail = 4;
  if (key.empty()) return "";
  if (key.size() < shortest_with_tail) return "(set)";
  std::string masked;
  for (const std::string_view prefix : {"ap_live_", "ap_test_", "sk_live_", "sk_test_"})
    if (key.starts_with(prefix)) masked = prefix;
  return masked + "…" + std::string(key.substr(key.size() - tail));
}

std::string group_digits(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return group_digits(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 1).ptr;
  return std::string(buffer.data(), end) + " " + units[unit];
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(byte)) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4U];
      result += digits[byte & 15U];
    }
  }
  return result;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      result += ' ';
    } else if (text[i] != '%') {
      result += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      result += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return result;
}

namespace {

/// Is `c` in the set that begins behind '['? Leaves `pattern` behind ']'; nothing when the set has no end.
std::optional<bool> take_set(std::string_view& pattern, char c) {
  const bool negated = !pattern.empty() && (pattern.front() == '!' || pattern.front() == '^');
  std::size_t at = negated ? 1 : 0;
  bool found = false;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) {
      pattern.remove_prefix(at + 1);
      return found != negated;
    }
    if (at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
      found = found || (pattern[at] <= c && c <= pattern[at + 2]);
      at += 3;
    } else {
      found = found || pattern[at] == c;
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      const bool crosses = pattern.starts_with("**");
      pattern.remove_prefix(crosses ? 2 : 1);
      if (crosses && pattern.starts_with("/") && matches_glob(pattern.substr(1), text)) return true;
      for (std::size_t taken = 0;; ++taken) {
        if (matches_glob(pattern, text.substr(taken))) return true;
        if (taken == text.size() || (!crosses && text[taken] == '/')) return false;
      }
    }
    if (text.empty()) return false;
    if (pattern.front() == '[') {
      auto rest = pattern.substr(1);
      if (const auto in_set = take_set(rest, text.front()); in_set.has_value()) {
        if (!*in_set || text.front() == '/') return false;
        pattern = rest;
        text.remove_prefix(1);
        continue;
      }
    }
    if (pattern.front() == '?' ? text.front() == '/' : pattern.front() != text.front()) return false;
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  return text.empty();
}

}  // namespace agentpipe::base
