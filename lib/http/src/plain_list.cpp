#include "plain_list.hpp"

#include <simdjson.h>

#include "agentpipe/base/text.hpp"
#include "agentpipe/service/escape.hpp"

namespace agentpipe::http {

namespace {

namespace dom = simdjson::dom;

constexpr std::string_view k_head =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>agentpipe</title>\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}\n"
    "td,th{text-align:left;vertical-align:top;padding:.25rem 1rem .25rem 0}\n"
    "td{border-top:1px solid #8884}td:first-child{overflow-wrap:anywhere}\n"
    "@media(max-width:40rem){:is(td,th):nth-child(2n+3){display:none}}\n</style>\n</head>\n<body>\n"
    "<h1>Sessions</h1>\n"
    "<table>\n<tr><th>Name</th><th>Status</th><th>Started</th><th>Messages</th><th>Tokens</th></tr>\n";

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
  page.append("<tr><td><a href=\"").append(service::escape_html(base_path)).append("/plain/sessions/");
  page.append(base::percent_encode(text_of(session, "id")))
      .append("\">")
      .append(service::escape_html(title))
      .append("</a></td>");
  for (const std::string_view key : {"status", "startedAt", "totalMessages", "totalTokens"}) {
    page.append("<td>").append(service::escape_html(text_of(session, key))).append("</td>");
  }
  page += "</tr>\n";
}

void append_next(std::string& page, dom::element document, std::string_view base_path) {
  dom::element pagination;
  if (document["pagination"].get(pagination) != simdjson::SUCCESS) return;
  const auto cursor = text_of(pagination, "nextCursor");
  if (cursor.empty()) return;
  page.append("<p><a href=\"").append(service::escape_html(base_path)).append("/plain/sessions?cursor=");
  page.append(base::percent_encode(cursor)).append("\">Older sessions</a></p>\n");
}

}  // namespace

std::string plain_list(std::string_view sessions, std::string_view base_path) {
  std::string page(k_head);
  dom::parser parser;
  dom::element document;
  dom::array rows;
  if (parser.parse(simdjson::padded_string(sessions)).get(document) == simdjson::SUCCESS &&
      document["sessions"].get(rows) == simdjson::SUCCESS) {
    for (const auto row : rows) append_row(page, row, base_path);
  }
  page += "</table>\n";
  append_next(page, document, base_path);
  return page + "</body>\n</html>\n";
}

}  // namespace agentpipe::http
