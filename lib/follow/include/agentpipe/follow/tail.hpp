#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/result.hpp"

namespace agentpipe::follow {

/// Reads whole lines of an open file from an offset on. The last line, as long as it has no LF, is left for
/// later. Memory: the longest line. One thread.
class LineTail {
 public:
  /// A line longer than `max_line` comes in pieces; whoever cuts lines tells that it is too long.
  LineTail(int fd, std::uint64_t offset, std::size_t max_line)
      : fd_(fd), offset_(offset), max_line_(max_line) {}

  /// The next bytes, as many whole lines as fit; valid until the next call. Empty: nothing more for now.
  base::Result<std::string_view> next();
  /// The first byte that next() has not given out.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

 private:
  static constexpr std::size_t k_chunk = 256UL << 10U;

  int fd_;
  std::uint64_t offset_;
  std::size_t max_line_;
  std::string room_;
};

}  // namespace agentpipe::follow
