#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"

namespace agentpipe::store::sqlite {

/// A change beside the log (keys) that shares the writer's transactions.
using Task = std::function<base::Result<void>(Database&)>;
using TaskDone = std::function<void(base::Result<void>)>;

/// Something that waits for its transaction: a request or a task.
struct Waiting {
  Append request;
  AppendDone done;
  Task task;  // set: this is a task
  TaskDone task_done;
  std::size_t bytes = 0;
  base::Ticks since{};
};

/// About how much memory an event holds.
std::size_t weight(const model::Event& event);

/// What waits for the writer, bounded. Thread-safe.
class Queue {
 public:
  explicit Queue(const SqliteOptions& options) : options_(options) {}

  /// Moves from `waiting` only when it is accepted. A request that alone is larger than the queue is accepted
  /// when nothing else waits.
  base::Result<void> push(Waiting& waiting);
  /// Waits for the next ones and takes as many as fit one transaction, in order; empty when closed and
  /// drained.
  std::vector<Waiting> take();
  /// Refuses from now on; what waits is still to be taken.
  void close();

 private:
  [[nodiscard]] base::Result<void> room_for(const Waiting& waiting) const REQUIRES(mutex_);

  const SqliteOptions options_;

  base::Mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
  std::size_t events_ GUARDED_BY(mutex_) = 0;
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  bool taker_waits_ GUARDED_BY(mutex_) = false;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace agentpipe::store::sqlite
