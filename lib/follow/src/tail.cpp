#include "agentpipe/follow/tail.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace agentpipe::follow {

base::Result<std::string_view> LineTail::next() {
  std::size_t wanted = k_chunk;
  while (true) {
    room_.resize(wanted);
    const auto count = ::pread(fd_, room_.data(), room_.size(), static_cast<off_t>(offset_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::failure(base::ErrorCode::io, base::system_message(errno));
    const auto bytes = std::string_view(room_).substr(0, static_cast<std::size_t>(count));
    const auto last = bytes.rfind('\n');
    const bool too_long = last == std::string_view::npos && bytes.size() > max_line_;
    const auto given = too_long ? bytes : bytes.substr(0, last + 1);
    if (!given.empty() || bytes.size() < wanted) {
      offset_ += given.size();
      return given;
    }
    wanted = std::min(wanted * 2, max_line_ + k_chunk);
  }
}

}  // namespace agentpipe::follow
