#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "agentpipe/base/log.hpp"
#include "agentpipe/http/response.hpp"
#include "agentpipe/model/json_writer.hpp"

namespace agentpipe::http {

namespace {

using base::ErrorCode;

enum class Telling : unsigned char { open, hidden };

struct ErrorRow {
  ErrorCode code;
  int status;
  std::string_view text;  // short, as existing clients know it
  Telling telling;
  std::string_view header;  // with its CRLF
};

constexpr std::array<ErrorRow, 13> k_error_rows{{
    {ErrorCode::invalid, 400, "Invalid request", Telling::open, ""},
    {ErrorCode::unsupported, 400, "Not supported", Telling::open, ""},
    {ErrorCode::unauthorized, 401, "Unauthorized", Telling::open, "WWW-Authenticate: Bearer\r\n"},
    {ErrorCode::forbidden, 403, "Forbidden", Telling::open, ""},
    {ErrorCode::not_found, 404, "Not found", Telling::open, ""},
    {ErrorCode::conflict, 409, "Conflict", Telling::open, ""},
    {ErrorCode::gone, 410, "Gone", Telling::open, ""},
    {ErrorCode::too_large, 413, "Too large", Telling::open, ""},
    {ErrorCode::rate_limited, 429, "Too many requests", Telling::open, ""},
    {ErrorCode::unavailable, 503, "Unavailable", Telling::open, ""},
    {ErrorCode::configuration, 500, "Internal error", Telling::hidden, ""},
    {ErrorCode::io, 500, "Internal error", Telling::hidden, ""},
    {ErrorCode::internal, 500, "Internal error", Telling::hidden, ""},
}};

const ErrorRow& row_of(ErrorCode code) {
  const auto* const row = std::ranges::find(k_error_rows, code, &ErrorRow::code);
  return row == k_error_rows.end() ? k_error_rows.back() : *row;
}

/// When to come back, in seconds: from `least` on, spread so that not all come at once.
struct Wait {
  std::string_view reason;
  unsigned least;
  unsigned spread;
};
constexpr Wait k_usual_wait{"", 2, 1};
constexpr std::array k_waits{
    Wait{"queue_full", 1, 5},     // it empties within seconds
    Wait{"disk_full", 30, 1},     // somebody has to make room
    Wait{"store_broken", 60, 1},  // somebody has to restore a backup
};

std::string retry_after(std::string_view reason, std::string_view request_id) {
  const auto* const found = std::ranges::find(k_waits, reason, &Wait::reason);
  const Wait& wait = found == k_waits.end() ? k_usual_wait : *found;
  const auto seconds = wait.least + std::hash<std::string_view>()(request_id) % wait.spread;
  return "Retry-After: " + std::to_string(seconds) + "\r\n";
}

void log_hidden(const base::Error& error, std::string_view request_id) {
  base::log(base::LogLevel::error, "request failed",
            {{"request_id", request_id}, {"code", base::to_string(error.code)}, {"detail", error.detail}});
}

}  // namespace

int status_of(ErrorCode code) {
  return row_of(code).status;
}

Response error_response(const base::Error& error, std::string_view request_id) {
  const auto& row = row_of(error.code);
  const bool open = row.telling == Telling::open;
  if (!open) log_hidden(error, request_id);
  std::string body;
  model::JsonWriter writer(body);
  writer.begin_object().field("error", row.text);
  writer.field("code", !open                  ? "internal"
                       : error.reason.empty() ? base::to_string(error.code)
                                              : error.reason);
  writer.field("message", open ? std::string_view(error.message)
                               : "Something went wrong here; the server's log has it under this request id.");
  if (open && !error.field.empty()) {
    writer.field("field", error.field);
    writer.key("details").begin_array().begin_object();
    writer.field("path", error.field).field("message", error.message).end_object().end_array();
  }
  writer.field("request_id", request_id).end_object();
  auto response = Response::json(row.status, std::move(body));
  response.headers =
      error.code == ErrorCode::unavailable ? retry_after(error.reason, request_id) : std::string(row.header);
  return response;
}

}  // namespace agentpipe::http
