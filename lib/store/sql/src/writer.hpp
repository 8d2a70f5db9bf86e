#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/store/options.hpp"
#include "agentpipe/store/store.hpp"
#include "batch_recorder.hpp"
#include "condition.hpp"
#include "database.hpp"
#include "job.hpp"
#include "queue.hpp"
#include "recorder.hpp"
#include "upkeep.hpp"

namespace agentpipe::store::sql {

/// The one thread that writes: takes what waits, puts it into one transaction, commits, tells the listener
/// and then answers. No lingering: what came during a commit makes the next group (limits.md section 7).
class Writer {
 public:
  Writer(Database database, Upkeep& upkeep, Condition& condition, LogNumber last, const QueueLimits& limits,
         base::Clock& clock);
  /// Finishes what waits.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Before the first append.
  void on_commit(CommitListener listener) { listener_ = std::move(listener); }
  /// Answers the job after its commit; at once, on the caller's thread, when it is refused.
  void add(JobPtr job);
  /// Waits for the commit. Not from the writer's own callbacks.
  base::Result<void> perform(Task task);
  [[nodiscard]] bool idle() const { return queue_.idle(); }
  [[nodiscard]] LogNumber last_number() const { return last_.load(std::memory_order_acquire); }

 private:
  void run();
  void write(const std::vector<JobPtr>& group);
  base::Result<void> transact(const std::vector<JobPtr>& group);
  base::Result<void> fill(const std::vector<JobPtr>& group);
  base::Result<void> settle();
  base::Result<void> publish_missed(LogNumber last);

  Upkeep& upkeep_;
  Condition& condition_;

  // The writer's thread only; the listener is set before the first append.
  Database database_;
  Recorder recorder_;
  BatchRecorder batches_;
  CommitListener listener_;
  std::uint64_t generation_;  // of the connection on which the recorder learnt what it knows

  // Thread-safe.
  Queue queue_;
  std::atomic<LogNumber> last_;

  std::thread thread_;  // last: starts when all else stands
};

}  // namespace agentpipe::store::sql
