#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace agentpipe::cli {

/// What comes next on the terminal takes the place of the line that stands there.
inline constexpr std::string_view k_erase_line = "\r\x1b[K";

/// A line on a terminal that is drawn over itself. Silent when switched off (a pipe, --quiet). One thread.
class ProgressLine {
 public:
  enum class Show : unsigned char { nothing, bar };
  ProgressLine(std::ostream& err, Show show, std::size_t total) : err_(err), show_(show), total_(total) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  /// "[#####·····] 12/40 files, 9 sessions"
  void draw(std::size_t files, std::uint64_t sessions);
  /// Something else in its place, until it is drawn again.
  void say(std::string_view text);
  /// Makes room for other text.
  void clear();

 private:
  std::ostream& err_;
  Show show_;
  std::size_t total_;
  bool drawn_ = false;
};

}  // namespace agentpipe::cli
