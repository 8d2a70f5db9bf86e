#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "agentpipe/http/request.hpp"

namespace agentpipe::http {

/// Reads one request with Beast's parser; nothing of Beast is seen outside its source file.
class RequestParser {
 public:
  RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;
  ~RequestParser();

  /// Forgets the request before.
  void reset();

  /// `head`: a whole header, as HeadScanner found it. Fills the request, all but its `query`; returns 0, or
  /// the status of the refusal.
  int read_head(std::string_view head, std::string_view base_path, Request& request);

  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool old_version() const;  ///< HTTP/1.0
  [[nodiscard]] bool chunked() const;
  [[nodiscard]] std::uint64_t content_length() const;

  struct Progress {
    std::size_t used = 0;  ///< of the bytes given; the rest has to come again, with more
    bool done = false;
    int status = 0;  ///< not 0: refused
  };
  /// Reads a chunked body and appends what it holds.
  Progress read_chunks(std::string_view bytes, std::size_t limit, Request& request);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace agentpipe::http
