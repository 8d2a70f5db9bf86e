#include "agentpipe/service/escape.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::service {

namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD";

constexpr std::array<std::pair<char, std::string_view>, 5> k_entities{
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

bool is_markdown_mark(char c) {
  return std::string_view("\\`*_{}[]<>()#+-!|&~").find(c) != std::string_view::npos;
}

/// The marks that open or close a fenced code block; empty when the line is none.
std::string_view fence_of(std::string_view line) {
  const auto at = line.find_first_not_of(' ');
  if (at == std::string_view::npos || at > 3 || (line[at] != '`' && line[at] != '~')) return {};
  const auto end = std::min(line.find_first_not_of(line[at], at), line.size());
  return end - at >= 3 ? line.substr(at, end - at) : std::string_view{};
}

bool closes(std::string_view line, std::string_view fence, std::string_view open) {
  return !fence.empty() && fence.front() == open.front() && fence.size() >= open.size() &&
         base::trim(line).size() == fence.size();
}

void append_line(std::string& out, std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char next = i + 1 < line.size() ? line[i + 1] : ' ';
    const bool escaped = i > 0 && line[i - 1] == '\\';
    const bool tag = line[i] == '<' && next != ' ' && next != '=' && next != '<';
    const bool image = line[i] == '!' && next == '[';
    // Behind a backslash of theirs ours would be the escaped one: an entity stands for itself.
    if (tag && escaped)
      out += "&lt;";
    else if (tag || image)
      out.append(escaped ? "" : "\\").append(1, line[i]);
    else
      out += line[i];
  }
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  safe.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto* const row = std::ranges::find(k_entities, c, &std::pair<char, std::string_view>::first);
    if (row != k_entities.end())
      safe += row->second;
    else if (is_control(c))
      safe += k_replacement;
    else
      safe += c;
  }
  return safe;
}

std::string csv_cell(std::string_view text) {
  constexpr std::string_view k_formula("=+-@\t\r\0", 7);
  std::string cell;
  const bool formula = !text.empty() && k_formula.find(text.front()) != std::string_view::npos;
  const bool quoted = formula || text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (!quoted) return std::string(text);
  cell.reserve(text.size() + 8);
  cell += formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    if (c != '\0') cell += c;
  }
  return cell += '"';
}

std::string markdown_label(std::string_view text) {
  constexpr std::size_t k_longest_label = 200;
  std::string safe;
  for (const char c : base::terminal_safe(base::one_line(text, k_longest_label))) {
    if (is_markdown_mark(c)) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string markdown_block(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 64);
  std::string_view open;
  for (const auto line : base::split(text, '\n')) {
    const auto fence = fence_of(line);
    if (!open.empty()) {
      out.append(line);
      if (closes(line, fence, open)) open = {};
    } else if (!fence.empty()) {
      out.append(line);
      open = fence;
    } else {
      append_line(out, line);
    }
    out += '\n';
  }
  if (!open.empty()) out.append(open).append("\n");
  return out;
}

}  // namespace agentpipe::service
