#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/files.hpp"

namespace agentpipe::bench {

/// Many readers of live streams at 127.0.0.1:`port`, in one thread of their own. Counts the frames with an
/// id.
class Crowd {
 public:
  /// `path(n)`: of the n-th stream, from 0. Returns when each of them has had its first frame. Throws
  /// std::runtime_error when a stream cannot be opened.
  Crowd(unsigned port, std::size_t size, const std::function<std::string(std::size_t)>& path);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  /// Waits until all have had so many frames in sum, first ones not counted.
  void wait_for(std::uint64_t frames) const;
  [[nodiscard]] std::size_t size() const { return readers_.size(); }

 private:
  struct Reader {
    base::FileDescriptor fd;
    std::string tail;  // the last bytes, in which a mark may have begun
  };

  void connect(unsigned port, const std::string& path, std::size_t number);
  void run();
  void read(Reader& reader);

  std::vector<Reader> readers_;
  base::FileDescriptor poll_;
  std::atomic<std::uint64_t> frames_{0};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// As many open files as the system allows; what is started later inherits it.
void raise_file_limit();

}  // namespace agentpipe::bench
