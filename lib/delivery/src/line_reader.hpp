#pragma once

#include <string>

#include "agentpipe/delivery/file_system.hpp"
#include "spool_line.hpp"

namespace agentpipe::delivery {

/// Reads the lines of a file that may be damaged, or still growing, from front to back. Holds one line and a
/// chunk in memory.
class LineReader {
 public:
  enum class Kind : unsigned char {
    record,
    damaged,  ///< a line with its end, but not intact
    torn,     ///< bytes behind the last LF; asked again it may have grown
    end,
  };
  struct Item {
    Kind kind = Kind::end;
    SpoolLine line;  ///< of a record; valid until the next call
  };

  explicit LineReader(File& file) : file_(file) {}

  base::Result<Item> next();
  /// Where the next item begins.
  [[nodiscard]] std::uint64_t offset() const { return buffer_at_ + position_; }

 private:
  /// False: there is no more at the moment.
  base::Result<bool> fill();
  Item read_line(std::size_t end);

  File& file_;
  std::string buffer_;
  std::uint64_t buffer_at_ = 0;  ///< offset of the buffer in the file
  std::size_t position_ = 0;     ///< of the next item in the buffer
  std::size_t searched_ = 0;     ///< no LF between position and here
  bool too_long_ = false;        ///< within a line of which the beginning is dropped
};

}  // namespace agentpipe::delivery
