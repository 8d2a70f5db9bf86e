#pragma once

#include <string>
#include <string_view>

/// What a stranger wrote, made inert for each kind of document. One encoder a kind.
namespace agentpipe::service {

/// & < > " ' as entities; control characters but tab and line feed become U+FFFD.
std::string escape_html(std::string_view text);

/// One cell of RFC 4180. What a spreadsheet would take for a formula (it begins with = + - @, tab, CR or NUL)
/// gets an apostrophe in front (OWASP, CSV injection).
std::string csv_cell(std::string_view text);

/// A label within a line of Markdown: one line, every punctuation mark taken literally.
std::string markdown_label(std::string_view text);
/// Markdown that somebody else wrote, to stand among ours: no raw HTML, no image that a viewer would fetch,
/// no code block that goes on into what follows.
std::string markdown_block(std::string_view text);

}  // namespace agentpipe::service
