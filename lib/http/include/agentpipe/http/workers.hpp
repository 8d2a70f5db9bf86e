#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace agentpipe::http {

/// A few threads for what reads the disk, so that no network loop ever waits for it. Thread-safe.
class Workers {
 public:
  /// `queue`: tasks that may wait.
  explicit Workers(unsigned threads = 2, std::size_t queue = 4096);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  /// Finishes what waits.
  ~Workers();

  /// False, and the task is dropped, when too many wait.
  bool run(std::function<void()> task);
  /// Finishes what waits and takes nothing more.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace agentpipe::http
