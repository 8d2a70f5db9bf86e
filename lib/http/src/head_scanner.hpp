#pragma once

#include <cstddef>
#include <string_view>

#include "agentpipe/http/server.hpp"

namespace agentpipe::http {

/// Finds the end of a request's header in bytes that arrive bit by bit, and refuses at once what is too long
/// or not strictly lined: a bare LF or a folded line is how requests are smuggled past a proxy (RFC 9112,
/// sections 2.2, 5.2).
class HeadScanner {
 public:
  struct Verdict {
    enum class State : unsigned char { incomplete, complete, refused } state = State::incomplete;
    std::size_t size = 0;  ///< complete: of the header, empty line included
    int status = 0;        ///< refused: the answer
  };

  explicit HeadScanner(const Limits& limits) : limits_(limits) {}

  /// The next request begins.
  void reset() { line_ = scanned_ = 0; }

  /// `bytes`: all that has arrived of this request so far. Looks at each byte once.
  Verdict scan(std::string_view bytes);

 private:
  [[nodiscard]] int check_line(std::string_view bytes, std::size_t end) const;
  [[nodiscard]] int check_length(std::size_t line_end) const;

  const Limits& limits_;
  std::size_t line_ = 0;     // start of the line being read
  std::size_t scanned_ = 0;  // no LF before
};

}  // namespace agentpipe::http
