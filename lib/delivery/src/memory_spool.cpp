#include "agentpipe/delivery/memory_spool.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "spool_paths.hpp"

namespace agentpipe::delivery {

using base::MutexLock;

MemorySpool::MemorySpool(Limits limits) : limits_(limits), source_id_(new_source_name()) {}

base::Result<RecordNumber> MemorySpool::append(std::string_view event, Weight weight) {
  const MutexLock lock(mutex_);
  if (!has_room(event.size(), weight)) {
    return base::failure(base::ErrorCode::unavailable, "The spool is full (" +
                                                           base::group_digits(waiting_.size()) + " events, " +
                                                           base::human_bytes(bytes_) + ").");
  }
  waiting_.push_back({{++last_, std::string(event)}});
  bytes_ += event.size();
  changed_.notify_all();
  return last_;
}

base::Result<std::vector<Record>> MemorySpool::read(RecordNumber after, std::size_t count,
                                                    std::size_t bytes) {
  const MutexLock lock(mutex_);
  std::vector<Record> found;
  std::size_t sum = 0;
  for (const Entry& entry : waiting_) {
    if (entry.dead || entry.record.number <= after) continue;
    if (found.size() == count || (!found.empty() && sum + entry.record.event.size() > bytes)) break;
    sum += entry.record.event.size();
    found.push_back(entry.record);
  }
  return found;
}

base::Result<void> MemorySpool::acknowledge(RecordNumber number) {
  const MutexLock lock(mutex_);
  if (number > last_) {
    return base::failure(base::ErrorCode::internal,
                         "Record " + std::to_string(number) + " was never spooled.");
  }
  while (!waiting_.empty() && waiting_.front().record.number <= number) {
    bytes_ -= waiting_.front().record.event.size();
    waiting_.pop_front();
  }
  acknowledged_ = std::max(acknowledged_, number);
  drop_dealt_with();
  changed_.notify_all();
  return {};
}

base::Result<void> MemorySpool::bury(DeadLetter letter) {
  const MutexLock lock(mutex_);
  const RecordNumber number = letter.record.number;
  const auto entry = std::find_if(waiting_.begin(), waiting_.end(), [number](const Entry& candidate) {
    return candidate.record.number == number;
  });
  if (entry == waiting_.end() || entry->dead) {
    return base::failure(base::ErrorCode::internal, "Record " + std::to_string(number) + " is not waiting.");
  }
  entry->dead = true;
  bytes_ -= entry->record.event.size();
  entry->record.event.clear();
  add_letter(std::move(letter));
  drop_dealt_with();
  changed_.notify_all();
  return {};
}

base::Result<void> MemorySpool::keep(DeadLetter letter) {
  const MutexLock lock(mutex_);
  add_letter(std::move(letter));
  return {};
}

void MemorySpool::add_letter(DeadLetter letter) {
  std::string& content = letter.record.event.empty() ? letter.begins : letter.record.event;
  if (dead_bytes_ + content.size() > limits_.dead_bytes) content.clear();
  dead_bytes_ += content.size();
  letters_.push_back(std::move(letter));
}

RecordNumber MemorySpool::last_appended() const {
  const MutexLock lock(mutex_);
  return last_;
}

RecordNumber MemorySpool::last_acknowledged() const {
  const MutexLock lock(mutex_);
  return acknowledged_;
}

std::uint64_t MemorySpool::dead_letters() const {
  const MutexLock lock(mutex_);
  return letters_.size();
}

std::vector<DeadLetter> MemorySpool::letters() const {
  const MutexLock lock(mutex_);
  return letters_;
}

bool MemorySpool::wait(RecordNumber after, base::Milliseconds length, const std::stop_token& stop) {
  MutexLock lock(mutex_);
  return changed_.wait_for(lock, stop, length, [&]() REQUIRES(mutex_) { return last_ > after; });
}

bool MemorySpool::wait_for_room(std::size_t bytes, Weight weight, base::Milliseconds length,
                                const std::stop_token& stop) {
  MutexLock lock(mutex_);
  return changed_.wait_for(lock, stop, length, [&]() REQUIRES(mutex_) { return has_room(bytes, weight); });
}

bool MemorySpool::has_room(std::size_t bytes, Weight weight) const {
  if (weight == Weight::gap) return true;  // small, few, and the only trace of what was dropped
  // One event that is larger than the whole spool still has its turn when the spool is empty.
  return waiting_.empty() || (waiting_.size() < limits_.count && bytes_ + bytes <= limits_.bytes);
}

void MemorySpool::drop_dealt_with() {
  while (!waiting_.empty() && waiting_.front().dead) {
    acknowledged_ = waiting_.front().record.number;
    waiting_.pop_front();
  }
}

}  // namespace agentpipe::delivery
