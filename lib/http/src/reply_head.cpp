#include "reply_head.hpp"

namespace agentpipe::http {

namespace {

// On every answer. The policy for pages lets our own scripts and styles run and nothing else; data is never a
// page.
constexpr std::string_view k_common =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";
constexpr std::string_view k_page_policy =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types dompurify agentpipe\r\n";
constexpr std::string_view k_plain_page_policy =
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'\r\n"
    "Cache-Control: no-store\r\n";
constexpr std::string_view k_api_policy =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Cache-Control: no-store\r\n";

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

std::string_view policy_for(Audience audience) {
  switch (audience) {
    case Audience::api:
      break;
    case Audience::page:
      return k_page_policy;
    case Audience::plain_page:
      return k_plain_page_policy;
  }
  return k_api_policy;
}

bool has_body(int status) {
  return status != 204 && status != 304;
}

std::string status_line(const Response& response, std::string_view date) {
  std::string head;
  head.reserve(768);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(reason_phrase(response.status)).append("\r\n");
  add(head, "Date", date);
  return head;
}

void add_rest(std::string& head, const Response& response, std::string_view request_id) {
  head.append(response.headers);
  add(head, "X-Request-Id", request_id);
  head.append(k_common);
  head.append(policy_for(response.audience));
}

}  // namespace

std::string reply_head(const Response& response, std::string_view request_id, std::string_view date,
                       Persistence persistence) {
  auto head = status_line(response, date);
  if (has_body(response.status)) {
    add(head, "Content-Type", response.content_type);
    add(head, "Content-Length", std::to_string(view(response.body).size()));
  }
  add_rest(head, response, request_id);
  if (persistence == Persistence::close) head.append("Connection: close\r\n");
  return head.append("\r\n");
}

std::string download_head(const Response& response, std::string_view request_id, std::string_view date,
                          Framing framing) {
  auto head = status_line(response, date);
  add(head, "Content-Type", response.content_type);
  if (framing == Framing::chunked) add(head, "Transfer-Encoding", "chunked");
  add_rest(head, response, request_id);
  return head.append("Connection: close\r\n\r\n");
}

std::string stream_head(std::string_view request_id, std::string_view date) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  add(head, "Date", date);
  add(head, "Content-Type", "text/event-stream");
  // no-store says all; the rest is what proxies in front are known to obey.
  add(head, "Cache-Control", "no-cache, no-store, no-transform");
  add(head, "X-Accel-Buffering", "no");
  add(head, "Connection", "keep-alive");
  add(head, "X-Request-Id", request_id);
  head.append(k_common).append("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
  return head.append("\r\n");
}

std::string_view overload_reply() {
  return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\n"
         "Retry-After: 5\r\nContent-Length: 121\r\nConnection: close\r\n\r\n"
         R"({"error":"Unavailable","code":"too_many_connections","message":"The server is at its connection limit; try again later."})";
}

}  // namespace agentpipe::http
