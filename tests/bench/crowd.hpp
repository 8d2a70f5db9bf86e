#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace agentpipe::bench {

/// Many readers of live streams at 127.0.0.1:`port`, in a process of their own: the files that one process
/// may have open are enough for one crowd, not for several. Counts the frames with an id.
class Crowd {
 public:
  /// `path(n)`: of the n-th stream, from 0. Returns when each of them has had its first frame. Throws
  /// std::runtime_error when a stream cannot be opened.
  Crowd(unsigned port, std::size_t size, const std::function<std::string(std::size_t)>& path);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  /// Waits until all have had so many frames in sum, first ones not counted. Throws std::runtime_error when a
  /// stream has ended.
  void wait_for(std::uint64_t frames) const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Counter = std::atomic<std::uint64_t>;
  void wait_until(std::uint64_t frames) const;

  std::size_t size_;
  Counter* frames_;  // shared with the process
  pid_t pid_ = -1;
};

/// As many open files as the system allows; what is started later inherits it.
void raise_file_limit();

}  // namespace agentpipe::bench
