#pragma once

#include <condition_variable>

#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/cli/world.hpp"

namespace agentpipe::cli {

/// What a running server is asked by signals: SIGHUP to read keys and certificates anew (from a terminal that
/// hangs up: to stop), SIGINT and SIGTERM to stop, the second of them to end at once with 130.
class ServerSignals {
 public:
  explicit ServerSignals(const World& world);

  enum class Wish : unsigned char { reload, stop };
  Wish wait();

 private:
  void take(Signal signal);

  const bool on_terminal_;
  base::Mutex mutex_;
  std::condition_variable_any changed_;
  bool reload_ GUARDED_BY(mutex_) = false;
  unsigned stops_ GUARDED_BY(mutex_) = 0;
  Signals::Subscription subscription_;  // last: tells when all else stands
};

}  // namespace agentpipe::cli
