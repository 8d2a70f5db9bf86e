#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::config {

/// One line of a file and how it ended ("\n", "\r\n", or "" at the end of the file).
struct Line {
  std::string text;
  std::string end;
};

std::vector<Line> split_lines(std::string_view text);
std::string join_lines(const std::vector<Line>& lines);

[[nodiscard]] bool is_blank_or_comment(const Line& line);
[[nodiscard]] std::size_t indentation(const Line& line);

/// Where a value stands in its line, quotes included; `size` 0: nothing behind the colon.
struct ValueSpan {
  std::size_t begin = 0;
  std::size_t size = 0;
  enum class Style : unsigned char { plain, single_quoted, double_quoted, other } style = Style::plain;
};

/// The value of the `key: value` whose key begins at `column`. Style `other` for whatever is not a scalar
/// that ends on this line: anchors, tags, blocks, braces, an open quote.
ValueSpan find_value(std::string_view line, std::size_t column);

enum class Quoting : unsigned char { if_needed, never };

/// `value` as a YAML scalar in the given style; plain text that YAML would read as something else gets
/// quotes.
std::string write_scalar(std::string_view value, ValueSpan::Style style, Quoting quoting);

}  // namespace agentpipe::config
