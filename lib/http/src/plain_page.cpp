#include "plain_page.hpp"

#include <simdjson.h>

#include "agentpipe/base/text.hpp"
#include "agentpipe/service/escape.hpp"

namespace agentpipe::http {

namespace {

namespace dom = simdjson::dom;

std::string text_of(dom::element session, std::string_view key) {
  std::string_view text;
  if (session[key].get(text) == simdjson::SUCCESS) return std::string(text);
  std::int64_t number = 0;
  if (session[key].get(number) == simdjson::SUCCESS) return std::to_string(number);
  return {};
}

void append_row(std::string& page, dom::element session, std::string_view base_path) {
  auto title = text_of(session, "name");
  if (title.empty()) title = base::one_line(text_of(session, "initialPrompt"), 120);
  if (title.empty()) title = text_of(session, "id");
  page.append("<tr><td><a href=\"").append(service::escape_html(base_path)).append("/api/sessions/");
  page.append(base::percent_encode(text_of(session, "id")))
      .append("\">")
      .append(service::escape_html(title))
      .append("</a></td>");
  for (const std::string_view key : {"status", "startedAt", "totalMessages", "totalTokens"}) {
    page.append("<td>").append(service::escape_html(text_of(session, key))).append("</td>");
  }
  page += "</tr>\n";
}

}  // namespace

std::string plain_page(std::string_view sessions, std::string_view base_path) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta "
      "charset=\"utf-8\"><title>agentpipe</title></head><body>\n"
      "<h1>Sessions</h1>\n<p>This server was built without its browser pages; this list is what is left of "
      "them.</p>\n"
      "<table>\n<tr><th>Name</th><th>Status</th><th>Started</th><th>Messages</th><th>Tokens</th></tr>\n";
  dom::parser parser;
  dom::element document;
  dom::array rows;
  if (parser.parse(simdjson::padded_string(sessions)).get(document) == simdjson::SUCCESS &&
      document["sessions"].get(rows) == simdjson::SUCCESS) {
    for (const auto row : rows) append_row(page, row, base_path);
  }
  return page + "</table>\n</body></html>\n";
}

}  // namespace agentpipe::http
