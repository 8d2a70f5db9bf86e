#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::formats {

/// Cuts bytes, as they arrive, into lines for a reader. A byte order mark at the very front is dropped; a CR
/// before the LF stays, the reader decides. A line above `max_line` bytes becomes a problem that names it and
/// holds its beginning; the rest is dropped as it comes, so memory stays at one line. One thread.
class LineSplitter {
 public:
  /// `lines_before`: of the input, when reading begins in the middle.
  LineSplitter(Reader& reader, Sink& sink, std::size_t max_line = k_max_line, std::uint64_t lines_before = 0)
      : reader_(reader), sink_(sink), max_line_(max_line), number_(lines_before) {}

  void feed(std::string_view bytes);
  /// The input has ended: a last line without LF goes to Reader::last_line(). Does not call Reader::end().
  void finish();

  /// Lines so far, those before it included.
  [[nodiscard]] std::uint64_t lines() const { return number_; }
  [[nodiscard]] std::size_t max_line() const { return max_line_; }
  /// Have bytes of a line without LF come?
  [[nodiscard]] bool inside_line() const { return open_; }

 private:
  void take(std::string_view piece);
  void close_line(std::string_view piece);
  /// Hands over what has been collected.
  void close_line(void (Reader::*tell)(std::string_view, std::uint64_t, Sink&));
  std::string_view without_mark(std::string_view line) const;

  Reader& reader_;
  Sink& sink_;
  std::size_t max_line_;
  std::string partial_;
  bool open_ = false;  ///< bytes of a line without LF have come
  bool too_long_ = false;
  std::uint64_t number_;
};

}  // namespace agentpipe::formats
