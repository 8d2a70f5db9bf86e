#include "lines.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "agentpipe/base/text.hpp"

namespace agentpipe::config {

namespace {

using Style = ValueSpan::Style;

// Words that YAML 1.1 readers (the Go CLI among them) take for something else than text.
constexpr auto k_words = std::to_array<std::string_view>(
    {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", "nan", "inf"});

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool is_safe_inside(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_-./:@%+=~").find(c) != std::string_view::npos;
}

bool is_plain(std::string_view value) {
  if (value.empty() || !(is_letter(value.front()) || value.front() == '/') || value.back() == ':')
    return false;
  const bool is_word = std::ranges::any_of(
      k_words, [&](std::string_view word) { return base::equals_ignore_case(word, value); });
  return !is_word && std::ranges::all_of(value, is_safe_inside);
}

std::string quoted(std::string_view value, char quote) {
  std::string text(1, quote);
  for (const char c : value) {
    if (quote == '\'' && c == '\'') text += '\'';
    if (quote == '"' && (c == '"' || c == '\\')) text += '\\';
    text += c;
  }
  return text + quote;
}

// The position behind the closing quote; npos when it is not on this line.
std::size_t end_of_quoted(std::string_view line, std::size_t begin) {
  const char quote = line[begin];
  for (std::size_t i = begin + 1; i < line.size(); ++i) {
    if (quote == '"' && line[i] == '\\') {
      ++i;
    } else if (line[i] == quote) {
      if (quote == '"' || i + 1 >= line.size() || line[i + 1] != '\'') return i + 1;
      ++i;  // '' is a quote inside single quotes
    }
  }
  return std::string_view::npos;
}

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

std::size_t end_of_key(std::string_view line, std::size_t column) {
  if (column < line.size() && (line[column] == '"' || line[column] == '\''))
    column = end_of_quoted(line, column);
  while (column < line.size() &&
         !(line[column] == ':' && (column + 1 == line.size() || is_space(line[column + 1])))) {
    ++column;
  }
  return column < line.size() ? column + 1 : std::string_view::npos;
}

std::size_t end_of_plain(std::string_view line, std::size_t begin) {
  std::size_t end = begin;
  while (end < line.size() && !(line[end] == '#' && is_space(line[end - 1]))) ++end;
  while (end > begin && is_space(line[end - 1])) --end;
  return end;
}

// Behind a quoted value there may only be space or a comment.
bool ends_cleanly(std::string_view line, std::size_t end) {
  const std::string_view rest = line.substr(end);
  const std::string_view trimmed = base::trim(rest);
  return trimmed.empty() || (trimmed.front() == '#' && is_space(rest.front()));
}

}  // namespace

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const std::size_t feed = text.find('\n');
    const std::size_t length = feed == std::string_view::npos ? text.size() : feed;
    const bool crlf = feed != std::string_view::npos && length > 0 && text[length - 1] == '\r';
    const char* const end = feed == std::string_view::npos ? "" : (crlf ? "\r\n" : "\n");
    lines.push_back({std::string(text.substr(0, crlf ? length - 1 : length)), end});
    text.remove_prefix(feed == std::string_view::npos ? text.size() : feed + 1);
  }
  return lines;
}

std::string join_lines(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) text.append(line.text).append(line.end);
  return text;
}

bool is_blank_or_comment(const Line& line) {
  const std::string_view text = base::trim(line.text);
  return text.empty() || text.front() == '#';
}

std::size_t indentation(const Line& line) {
  const std::size_t first = line.text.find_first_not_of(' ');
  return first == std::string::npos ? line.text.size() : first;
}

ValueSpan find_value(std::string_view line, std::size_t column) {
  const std::size_t colon = end_of_key(line, column);
  if (colon == std::string_view::npos) return {0, 0, Style::other};
  std::size_t begin = colon;
  while (begin < line.size() && is_space(line[begin])) ++begin;
  if (begin == line.size() || line[begin] == '#') return {colon, 0, Style::plain};
  const char first = line[begin];
  if (first == '"' || first == '\'') {
    const std::size_t end = end_of_quoted(line, begin);
    if (end == std::string_view::npos || !ends_cleanly(line, end)) return {begin, 0, Style::other};
    return {begin, end - begin, first == '"' ? Style::double_quoted : Style::single_quoted};
  }
  if (std::string_view("&*!|>{[%@`").find(first) != std::string_view::npos) return {begin, 0, Style::other};
  return {begin, end_of_plain(line, begin) - begin, Style::plain};
}

std::string write_scalar(std::string_view value, Style style, Quoting quoting) {
  if (style == Style::single_quoted) return quoted(value, '\'');
  if (style == Style::double_quoted) return quoted(value, '"');
  return quoting == Quoting::never || is_plain(value) ? std::string(value) : quoted(value, '"');
}

}  // namespace agentpipe::config
