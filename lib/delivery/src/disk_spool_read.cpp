#include <algorithm>

#include "agentpipe/base/log.hpp"
#include "disk_spool_parts.hpp"

// The reading side of DiskSpool.
namespace agentpipe::delivery {

using base::MutexLock;

/// What one read() gathers, within its bounds.
class DiskSpool::Portion {
 public:
  Portion(std::size_t count, std::size_t bytes) : count_(count), bytes_(bytes) {}

  [[nodiscard]] bool takes(std::string_view event) const {
    return records.size() < count_ && (records.empty() || sum_ + event.size() <= bytes_);
  }
  void take(Record record) {
    sum_ += record.event.size();
    records.push_back(std::move(record));
  }

  std::vector<Record> records;

 private:
  std::size_t count_;
  std::size_t bytes_;
  std::size_t sum_ = 0;
};

base::Result<std::vector<Record>> DiskSpool::read(RecordNumber after, std::size_t count, std::size_t bytes) {
  const MutexLock reading(reading_);
  Portion portion(count, bytes);
  for (auto progress = Progress::again; progress == Progress::again;) {
    auto read = read_disk(after, portion);
    if (!read && portion.records.empty()) return base::forward(read);
    progress = read && *read ? read_memory(after, portion) : Progress::done;
  }
  return std::move(portion.records);
}

base::Result<bool> DiskSpool::read_disk(RecordNumber& after, Portion& portion) {
  RecordNumber limit = 0;
  std::vector<Segment> segments;
  {
    const MutexLock lock(mutex_);
    after = std::max(after, acknowledged_);
    limit = synced_;
    if (after >= limit) return true;
    segments = parts_->segments;
  }
  while (after < limit) {
    const auto record = parts_->cursor.peek(after, limit, segments);
    if (!record) return base::forward(record);
    if (*record == nullptr) break;
    after = (*record)->number;
    if (parts_->dead.contains(after)) continue;
    if (!portion.takes((*record)->event)) return false;
    portion.take(parts_->cursor.take());
  }
  after = std::max(after, limit);
  return true;
}

DiskSpool::Progress DiskSpool::read_memory(RecordNumber& after, Portion& portion) {
  const MutexLock lock(mutex_);
  if (synced_ > after) return portion.records.empty() ? Progress::again : Progress::done;
  for (const Recent& record : recent_) {
    if (record.number <= after || parts_->dead.contains(record.number)) continue;
    if (!portion.takes(record.event())) break;
    portion.take({record.number, std::string(record.event())});
    after = record.number;
  }
  return Progress::done;
}

base::Result<void> DiskSpool::acknowledge(RecordNumber number) {
  const MutexLock reading(reading_);
  {
    const MutexLock lock(mutex_);
    if (number > last_) {
      return base::failure(base::ErrorCode::internal,
                           "Record " + std::to_string(number) + " was never spooled.");
    }
    acknowledged_ = std::max(acknowledged_, number);
    deal_with_dead();
    number = acknowledged_;
  }
  write_ack(number);
  remove_dealt_with();
  return {};
}

base::Result<void> DiskSpool::bury(DeadLetter letter) {
  const MutexLock reading(reading_);
  const RecordNumber number = letter.record.number;
  {
    const MutexLock lock(mutex_);
    if (number > last_ || number <= acknowledged_ || parts_->dead.contains(number)) {
      return base::failure(base::ErrorCode::internal,
                           "Record " + std::to_string(number) + " is not waiting.");
    }
  }
  auto done = parts_->dead_file.add(letter, clock_.now());
  if (!done && done.error().reason == k_no_space && release_reserve())
    done = parts_->dead_file.add(letter, clock_.now());
  if (!done) return done;
  RecordNumber acknowledged = 0;
  {
    const MutexLock lock(mutex_);
    parts_->dead.insert(number);
    ++dead_letters_;
    deal_with_dead();
    acknowledged = acknowledged_;
  }
  write_ack(acknowledged);
  remove_dealt_with();
  return {};
}

base::Result<void> DiskSpool::keep(DeadLetter letter) {
  const MutexLock reading(reading_);
  {
    const MutexLock lock(mutex_);
    // Its header is what says for which server the letters are.
    if (parts_->role == Role::writer && parts_->segments.empty()) open_segment();
  }
  if (auto done = parts_->dead_file.add(letter, clock_.now()); !done) return done;
  const MutexLock lock(mutex_);
  ++dead_letters_;
  return {};
}

void DiskSpool::keep_conflict(const Record& record) {
  ++parts_->damage.conflicts;
  if (!parts_->conflicts.insert(record.number).second) return;  // an earlier adoption kept it
  const auto done = parts_->dead_file.add(
      {record, std::string(k_conflict_code), "another record has the same number"}, clock_.now());
  if (!done) base::log(base::LogLevel::error, "cannot keep a record", {{"detail", done.error().message}});
  const MutexLock lock(mutex_);
  ++dead_letters_;
}

void DiskSpool::deal_with_dead() {
  while (parts_->dead.contains(acknowledged_ + 1)) ++acknowledged_;
  parts_->dead.erase(parts_->dead.begin(), parts_->dead.upper_bound(acknowledged_));
  forget_up_to(acknowledged_);
  changed_.notify_all();
}

void DiskSpool::write_ack(RecordNumber number) {
  base::Result<void> done;
  if (!parts_->ack) {
    auto file = files_.open(folder_ / k_ack_file, FileSystem::Open::update);
    if (file) {
      parts_->ack = std::move(*file);
    } else {
      done = base::forward(file);
    }
  }
  if (parts_->ack) done = parts_->ack->write_at(parts_->ack_slot * k_ack_slot, encode_ack(number));
  parts_->ack_slot = 1 - parts_->ack_slot;
  // Costs a repetition, no more.
  if (!done)
    base::log(base::LogLevel::debug, "cannot write to the spool", {{"detail", done.error().message}});
}

void DiskSpool::remove_dealt_with() {
  std::vector<Segment> removed;
  {
    const MutexLock lock(mutex_);
    auto& segments = parts_->segments;
    auto keep = segments.begin();
    for (auto next = segments.begin(); next != segments.end(); ++next) {
      if (next->state == Segment::State::readable && next->first <= acknowledged_ + 1) keep = next;
    }
    removed.assign(segments.begin(), keep);
    segments.erase(segments.begin(), keep);
  }
  for (const Segment& segment : removed) retire(segment);
}

void DiskSpool::retire(const Segment& segment) {
  if (!parts_->cursor.is_damaged(segment.serial)) {
    // A file system takes milliseconds to free a segment: nothing that the courier of a writer should wait
    // for, as there is a syncer.
    if (parts_->role == Role::heir) return remove({segment});
    const MutexLock lock(mutex_);
    parts_->retired.push_back(segment);
    return changed_.notify_all();
  }
  parts_->has_leftovers = true;
  const auto path = folder_ / segment_name(segment.serial);
  const auto away = folder_ / k_damaged_folder;
  auto done = files_.make_folder(away);
  if (done) done = files_.rename(path, away / segment_name(segment.serial));
  if (!done) base::log(base::LogLevel::warn, "cannot move a spool file", {{"detail", done.error().message}});
}

std::vector<Segment> DiskSpool::take_retired() {
  return std::exchange(parts_->retired, {});
}

void DiskSpool::remove(const std::vector<Segment>& retired) {
  for (const Segment& segment : retired) {
    if (files_.remove(folder_ / segment_name(segment.serial))) space_.gave_back(segment.bytes);
  }
}

void DiskSpool::finish() {
  sync_at_once();
  if (only_in_memory() > 0 && release_reserve()) sync_at_once();
  const MutexLock reading(reading_);
  parts_->dead_file.remove_empty();
  std::vector<Segment> rest;
  std::uint64_t letters = 0;
  {
    const MutexLock lock(mutex_);
    // While the disk was full there was no place for a header, which says for which server letters are.
    if (dead_letters_ > 0 && parts_->segments.empty() && parts_->role == Role::writer) open_segment();
    parts_->open.reset();
    if (last_ > acknowledged_) return;
    rest = std::exchange(parts_->segments, {});
    letters = dead_letters_;
  }
  // With letters the last header stays, and ack, which says that nothing else waits.
  const bool has_letters = letters > 0 && !rest.empty();
  if (has_letters) rest.pop_back();
  for (const Segment& segment : rest) retire(segment);
  {
    const MutexLock lock(mutex_);
    remove(take_retired());
  }
  release_reserve();
  [[maybe_unused]] base::Result<void> removed;
  if (!has_letters) removed = files_.remove(folder_ / k_ack_file);
  if (letters > 0 || parts_->has_leftovers || parts_->damage.refused + parts_->damage.unreadable > 0) return;
  removed = files_.remove(folder_ / k_fresh_dead_file);
  removed = files_.remove(folder_ / k_lock_file);
  removed = files_.remove_folder(folder_);
}

RecordNumber DiskSpool::last_appended() const {
  const MutexLock lock(mutex_);
  return last_;
}

RecordNumber DiskSpool::last_acknowledged() const {
  const MutexLock lock(mutex_);
  return acknowledged_;
}

std::uint64_t DiskSpool::dead_letters() const {
  const MutexLock lock(mutex_);
  return dead_letters_;
}

SpoolDamage DiskSpool::damage() const {
  const MutexLock reading(reading_);
  return parts_->damage;
}

bool DiskSpool::wait(RecordNumber after, base::Milliseconds length, const std::stop_token& stop) {
  MutexLock lock(mutex_);
  return changed_.wait_for(lock, stop, length, [&]() REQUIRES(mutex_) { return last_ > after; });
}

std::string DiskSpool::source_id() const {
  return folder_.filename().string();
}

}  // namespace agentpipe::delivery
