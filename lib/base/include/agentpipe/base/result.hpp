#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace agentpipe::base {

/// What kind of thing went wrong. Each layer maps it by table: http to a status, cli to an exit code.
enum class ErrorCode : unsigned char {
  invalid,       ///< input is malformed or outside a limit
  unsupported,   ///< well-formed, but nothing we know
  unauthorized,  ///< no key, or a wrong one
  forbidden,     ///< a key that may not do this
  not_found,
  conflict,  ///< contradicts what is stored
  gone,      ///< was here, was taken away, does not come back
  too_large,
  rate_limited,
  unavailable,    ///< try again later: peer down, queue full, disk full
  configuration,  ///< settings or command line must be changed first
  io,             ///< the operating system refused
  internal,       ///< a bug or a broken store
};

/// One word for logs and JSON: "invalid", "not_found", …
std::string_view to_string(ErrorCode code);

/// An error for two audiences. `message` may reach a stranger: it names the thing, the limit and the remedy.
/// `detail` is for the log only. `field` is the path of the offending input ("data.content"), if there is
/// one; `reason` a stable word for programs ("unknown_type"), empty when `code` says it all.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string detail;
  std::string field;
  std::string reason;
};

/// A value or an Error; must be looked at.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  // NOLINTNEXTLINE(google-explicit-constructor): what the monads of tl::expected return is a Result, too
  Result(tl::expected<T, Error> other) : tl::expected<T, Error>(std::move(other)) {}
};

/// `return failure(ErrorCode::invalid, "…")` from any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> failure(ErrorCode code, std::string message,
                                                   std::string detail = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail), {}, {}});
}

/// The same with the place of the fault and, when the code alone is too coarse, a stable word for it.
[[nodiscard]] inline tl::unexpected<Error> failure_at(std::string field, ErrorCode code, std::string message,
                                                      std::string reason = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), {}, std::move(field), std::move(reason)});
}

/// Passes an error on: `if (!x) return forward(x);`
template <class T>
[[nodiscard]] tl::unexpected<Error> forward(const Result<T>& result) {
  return tl::unexpected<Error>(result.error());
}

}  // namespace agentpipe::base
