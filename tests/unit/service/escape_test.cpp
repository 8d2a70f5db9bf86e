#include "agentpipe/service/escape.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>

using namespace agentpipe::service;
using namespace std::string_view_literals;

namespace {
using Row = std::pair<std::string_view, std::string_view>;
}

TEST_CASE("in HTML nothing of a stranger's text is a tag, an attribute's end or a control") {
  for (const auto& [text, safe] :
       std::array{Row{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
                  Row{"\" onload='x'", "&quot; onload=&#39;x&#39;"}, Row{"&lt;", "&amp;lt;"},
                  Row{"a\tb\nc", "a\tb\nc"}, Row{"\x1B[31m\0"sv, "\xEF\xBF\xBD[31m\xEF\xBF\xBD"},
                  Row{"</pre></article>", "&lt;/pre&gt;&lt;/article&gt;"}})
    CHECK(escape_html(text) == safe);
}

TEST_CASE("no cell of a table is a formula, and none breaks out of its quotes") {
  for (const auto& [text, cell] :
       std::array{Row{"plain", "plain"}, Row{"", ""}, Row{"a,b", "\"a,b\""},
                  Row{"say \"hi\"", "\"say \"\"hi\"\"\""}, Row{"two\nlines", "\"two\nlines\""},
                  Row{"=1+1", "\"'=1+1\""}, Row{"+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""},
                  Row{"-1", "\"'-1\""}, Row{"@SUM(1)", "\"'@SUM(1)\""}, Row{"\t=1", "\"'\t=1\""},
                  Row{"\r=1", "\"'\r=1\""}, Row{"\0=1"sv, "\"'=1\""}, Row{"a=1", "a=1"},
                  Row{"=HYPERLINK(\"http://evil\",\"x\")", "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\""}})
    CHECK(csv_cell(text) == cell);
}

TEST_CASE("a label stays within its line of Markdown") {
  for (const auto& [text, label] :
       std::array{Row{"Ada", "Ada"}, Row{"a\n# b", "a…"}, Row{"# b", "\\# b"},
                  Row{"*x*_y_", "\\*x\\*\\_y\\_"}, Row{"<img src=x>", "\\<img src=x\\>"},
                  Row{"[a](javascript:b)", "\\[a\\]\\(javascript:b\\)"}, Row{"`x`", "\\`x\\`"}})
    CHECK(markdown_label(text) == label);
}

TEST_CASE("Markdown among ours keeps its words and loses tags, images and what would swallow the rest") {
  for (const auto& [text, block] : std::array{
           Row{"**bold** and a < b", "**bold** and a < b\n"},
           Row{"<script>x</script>", "\\<script>x\\</script>\n"},
           Row{"<!-- hides the rest", "\\<!-- hides the rest\n"},
           Row{"\\<b>", "\\&lt;b>\n"},
           Row{"![p](http://evil/p.png)", "\\![p](http://evil/p.png)\n"},
           Row{"```\n<b>\n```", "```\n<b>\n```\n"},
           Row{"```\nopen", "```\nopen\n```\n"},
           Row{"~~~~ c\n```\nopen", "~~~~ c\n```\nopen\n~~~~\n"},
           Row{"```\nx\n``` not closed\ny", "```\nx\n``` not closed\ny\n```\n"},
           // A block within a list, as long as no line of it could end the list.
           Row{"1. a\n   ```sh\n   x <b>\n\n   ```\n<i>", "1. a\n   ```sh\n   x <b>\n\n   ```\n\\<i>\n"},
           Row{"- ```\n  <b>\n  ```\n<i>", "- \\```\n  \\<b>\n  \\```\n\\<i>\n"},
           Row{" ```\n<b>\n ```", " \\```\n\\<b>\n \\```\n"},
           Row{"  ~~~\n  <b>", "  \\~~~\n  \\<b>\n"},
           Row{"    ```\n  ```\n<b>", "    \\```\n  \\```\n\\<b>\n"},
           // No fence: marks behind it.
           Row{"```x`\n<b>", "\\```x`\n\\<b>\n"},
           Row{"> 1) ~~~\n<b>", "> 1) \\~~~\n\\<b>\n"},
       })
    CHECK(markdown_block(text) == block);
}
