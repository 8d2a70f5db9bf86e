#include "queue.hpp"

#include <utility>

namespace agentpipe::store::sql {

using base::ErrorCode;

// A large request is as welcome as a small one: counted with it, it would never find room beside a steady
// stream.
base::Result<void> Queue::check_room() const {
  if (closed_) {
    return base::failure_at({}, ErrorCode::unavailable,
                            "The server is shutting down; nothing was stored. Try again.", "shutting_down");
  }
  if (waiting_.empty()) return {};
  const bool fits = events_ < limits_.events && bytes_ < limits_.bytes;
  const bool moves = clock_.ticks() - waiting_.front()->since <= limits_.wait;
  if (fits && moves) return {};
  return base::failure_at({}, ErrorCode::unavailable,
                          "The server is behind with writing; nothing was stored. Try again in a moment.",
                          "queue_full");
}

base::Result<void> Queue::push(JobPtr& job) {
  job->since = clock_.ticks();
  bool wake = false;
  {
    const base::MutexLock lock(mutex_);
    if (auto room = check_room(); !room) return room;
    events_ += job->events;
    bytes_ += job->bytes;
    waiting_.push_back(std::move(job));
    wake = std::exchange(taker_waits_, false);
  }
  if (wake) filled_.notify_one();
  return {};
}

bool Queue::idle() const {
  const base::MutexLock lock(mutex_);
  return taker_waits_;
}

std::vector<JobPtr> Queue::take() {
  std::vector<JobPtr> group;
  std::size_t events = 0;
  std::size_t bytes = 0;
  const base::MutexLock lock(mutex_);
  while (waiting_.empty() && !closed_) {
    taker_waits_ = true;
    filled_.wait(mutex_);
  }
  while (!waiting_.empty()) {
    const Job& next = *waiting_.front();
    const bool fits =
        events + next.events <= limits_.group_events && bytes + next.bytes <= limits_.group_bytes;
    if (!group.empty() && !fits) break;
    events += next.events;
    bytes += next.bytes;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  events_ -= events;
  bytes_ -= bytes;
  return group;
}

void Queue::close() {
  {
    const base::MutexLock lock(mutex_);
    closed_ = true;
  }
  filled_.notify_all();
}

}  // namespace agentpipe::store::sql
