#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/store/options.hpp"
#include "job.hpp"

namespace agentpipe::store::sql {

/// What waits for the writer, bounded. Thread-safe.
class Queue {
 public:
  Queue(const QueueLimits& limits, base::Clock& clock) : limits_(limits), clock_(clock) {}

  /// Moves from `job` only when it is accepted. What waits may outgrow its limits by the last request,
  /// however large that is.
  base::Result<void> push(JobPtr& job);
  /// Waits for the next ones and takes as many as fit one transaction, in order; empty when closed and
  /// drained.
  std::vector<JobPtr> take();
  /// Does whoever takes wait for work?
  [[nodiscard]] bool idle() const;
  /// Refuses from now on; what waits is still to be taken.
  void close();

 private:
  [[nodiscard]] base::Result<void> check_room() const REQUIRES(mutex_);

  const QueueLimits limits_;
  base::Clock& clock_;

  mutable base::Mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<JobPtr> waiting_ GUARDED_BY(mutex_);
  std::size_t events_ GUARDED_BY(mutex_) = 0;
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  bool taker_waits_ GUARDED_BY(mutex_) = false;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace agentpipe::store::sql
