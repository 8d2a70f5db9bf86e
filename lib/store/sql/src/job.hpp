#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

class BatchRecorder;
class Recorder;
struct Silence;

/// What a job writes with.
struct Workbench {
  Database& database;
  Recorder& recorder;
  BatchRecorder& batches;
};

/// Something that waits for its transaction, which it shares with others.
class Job {
 public:
  virtual ~Job() = default;
  /// An error undoes the whole transaction, so what is the caller's fault is none: it is kept for answer().
  virtual base::Result<void> write(const Workbench& bench) = 0;
  /// Once, afterwards. `transaction`: did it commit?
  virtual void answer(const base::Result<void>& transaction) = 0;

  std::size_t events = 0;
  std::size_t bytes = 0;
  base::Ticks since{};
};
using JobPtr = std::unique_ptr<Job>;

/// A change beside the log (keys).
using Task = std::function<base::Result<void>(Database&)>;
using TaskDone = std::function<void(base::Result<void>)>;

JobPtr append_job(Append request, AppendDone done);
JobPtr batch_job(Batch batch, BatchDone done);
/// Answers how many sessions it was.
JobPtr silence_job(const Silence& silence, std::function<void(base::Result<std::size_t>)> done);
JobPtr task_job(Task task, TaskDone done);

/// About how much memory an event holds.
std::size_t weight(const model::Event& event);

}  // namespace agentpipe::store::sql
