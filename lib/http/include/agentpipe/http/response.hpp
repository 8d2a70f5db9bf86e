#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "agentpipe/base/result.hpp"

namespace agentpipe::http {

/// Bytes of an answer: its own, shared with other answers, or of static storage.
using Body = std::variant<std::string, std::shared_ptr<const std::string>, std::span<const std::byte>>;
std::string_view view(const Body& body);

/// Which headers protect the answer: data for programs (never cached, never shown), a page of ours with its
/// scripts and styles, or one whose style is in it and that has no scripts (never cached).
enum class Audience : unsigned char { api, page, plain_page };

struct Response {
  int status = 200;
  std::string_view content_type = "application/json; charset=utf-8";  ///< static text
  Body body;
  std::string headers;  ///< further lines, each "Name: value\r\n"; see add()
  Audience audience = Audience::api;
  bool close = false;  ///< end the connection after this answer

  static Response json(int status, std::string body);
  static Response text(int status, std::string body);

  /// `name` is ours; in `value` control characters become spaces.
  Response& add(std::string_view name, std::string_view value);
};

/// The reason phrase of RFC 9110; "Unknown" for others.
std::string_view reason_phrase(int status);

/// The status for an error's kind, by one table.
int status_of(base::ErrorCode code);
/// `{"error","code","message","field"?,"details","request_id"}`, with the headers that its status asks for.
/// Of `io`, `configuration` and `internal` nothing but the request id reaches the client.
Response error_response(const base::Error& error, std::string_view request_id);

}  // namespace agentpipe::http
