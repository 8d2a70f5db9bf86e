#include "agentpipe/service/escape.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

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

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

/// The marks that open or close a fenced code block (CommonMark 4.5); empty when the line is none.
std::string_view fence_of(std::string_view line) {
  const auto at = indent_of(line);
  if (at > 3 || at == line.size() || (line[at] != '`' && line[at] != '~')) return {};
  const auto end = std::min(line.find_first_not_of(line[at], at), line.size());
  if (end - at < 3 || (line[at] == '`' && line.find('`', end) != std::string_view::npos)) return {};
  return line.substr(at, end - at);
}

bool closes(std::string_view line, std::string_view open) {
  const auto fence = fence_of(line);
  return !fence.empty() && fence.front() == open.front() && fence.size() >= open.size() &&
         base::trim(line).size() == fence.size();
}

/// Where the code block that begins in line `first` ends: its last line, or behind all lines when nothing
/// closes it. Nothing: it begins none, or none that is surely one. An indented block may be part of a list,
/// and ends with it: it counts when it is closed and no line of it could leave the list.
std::optional<std::size_t> end_of_block(const std::vector<std::string_view>& lines, std::size_t first) {
  constexpr std::size_t k_longest_indented = 500;  // looked through again for each fence within
  const auto fence = fence_of(lines[first]);
  if (fence.empty()) return std::nullopt;
  const auto indent = indent_of(lines[first]);
  const auto end = indent == 0 ? lines.size() : std::min(lines.size(), first + k_longest_indented);
  for (std::size_t at = first + 1; at < end; ++at) {
    const bool blank = base::trim(lines[at]).empty();
    if (!blank && indent_of(lines[at]) < indent) return std::nullopt;
    if (closes(lines[at], fence)) return at;
  }
  return indent == 0 ? std::optional(end) : std::nullopt;
}

/// What some reader could take for a fence, behind the marks of lists and quotations.
std::size_t find_dubious_fence(std::string_view line) {
  const auto at = line.find_first_not_of(" \t-+*>.)0123456789");
  if (at == std::string_view::npos) return at;
  const auto three = line.substr(at, 3);
  return three == "```" || three == "~~~" ? at : std::string_view::npos;
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
  const auto lines = base::split(text, '\n');
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (const auto end = end_of_block(lines, at)) {
      const auto fence = fence_of(lines[at]);
      for (; at < lines.size() && at <= *end; ++at) out.append(lines[at]).append("\n");
      if (*end == lines.size()) out.append(fence).append("\n");
      --at;
      continue;
    }
    auto line = lines[at];
    if (const auto fence = find_dubious_fence(line); fence != std::string_view::npos) {
      out.append(line.substr(0, fence)).append("\\");
      line.remove_prefix(fence);
    }
    append_line(out, line);
    out += '\n';
  }
  return out;
}

}  // namespace agentpipe::service
