#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::http {

enum class Method : unsigned char { get, head, post, put, patch, del, options, other };

/// "GET", "DELETE", …
std::string_view to_string(Method method);
Method parse_method(std::string_view name);
/// Does the method promise to change nothing (RFC 9110, 9.2.1)?
constexpr bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

/// The query of a request, decoded; '+' is a space.
class Query {
 public:
  /// `invalid`: a broken escape, NUL, not UTF-8, or more than 100 parameters.
  static base::Result<Query> parse(std::string_view text);

  /// The first of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// All of that name, each also split at commas; empty ones left out.
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return pairs_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

/// One request, complete. Moves cheaply; views into it live as long as it stays where it is.
class Request {
 public:
  struct Field {
    std::uint32_t name, name_size, value, value_size;  // in head_
  };

  Method method = Method::other;
  std::vector<std::string> parameters;  ///< what the route's {…} stood for, decoded, in order
  Query query;
  std::string body;           ///< capacity is at least size + 64, as simdjson wants it
  std::string id;             ///< for logs and answers; the caller's X-Request-Id when it is a decent one
  std::string peer;           ///< address of the other end, without port
  std::string limit_headers;  ///< header lines for the answer, from the gate
  std::string caller;         ///< who asks, as the gate found out; empty: nobody in particular

  /// Without the query and the server's base path, still encoded: "/api/sessions/a%20b".
  [[nodiscard]] std::string_view path() const { return view(path_, path_size_); }
  /// What `query` is made of, still encoded, without the question mark.
  [[nodiscard]] std::string_view query_text() const { return view(query_, query_size_); }
  /// The first header of that name, any case; nothing when there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// All headers of that name, joined by commas (RFC 9110, 5.3).
  [[nodiscard]] std::string joined(std::string_view name) const;
  /// The same, empty when there is none.
  [[nodiscard]] std::string_view header_or_empty(std::string_view name) const;
  /// The key of `Authorization: Bearer …` (any case), or what stands there without a scheme; empty otherwise.
  [[nodiscard]] std::string_view bearer() const;
  /// The value of a cookie; empty when there is none.
  [[nodiscard]] std::string_view cookie(std::string_view name) const;

 private:
  friend class RequestParser;
  [[nodiscard]] std::string_view view(std::uint32_t at, std::uint32_t size) const {
    return std::string_view(head_).substr(at, size);
  }

  std::string head_;  // as received
  std::uint32_t path_ = 0, path_size_ = 0, query_ = 0, query_size_ = 0;
  std::vector<Field> fields_;
};

}  // namespace agentpipe::http
