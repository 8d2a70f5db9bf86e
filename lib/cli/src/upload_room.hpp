#pragma once

#include <algorithm>
#include <cstdint>

#include "upload_session.hpp"

namespace agentpipe::cli {

/// Memory for files under way. Many small ones fit, so that each may wait for its commit on the server; of
/// large ones a few. Counted by their sizes, of which no more than k_max_sessions_bytes can be in memory.
class UploadRoom {
 public:
  static constexpr std::uintmax_t k_bytes = 4 * k_max_sessions_bytes;

  /// A file is never larger than the empty room.
  [[nodiscard]] bool fits(std::uintmax_t size) const { return taken_ + share(size) <= k_bytes; }
  void enter(std::uintmax_t size) { taken_ += share(size); }
  void leave(std::uintmax_t size) { taken_ -= share(size); }

 private:
  static std::uintmax_t share(std::uintmax_t size) {
    return std::min<std::uintmax_t>(size, k_max_sessions_bytes);
  }

  std::uintmax_t taken_ = 0;
};

}  // namespace agentpipe::cli
