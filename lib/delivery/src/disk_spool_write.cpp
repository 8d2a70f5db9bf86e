#include <algorithm>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"
#include "disk_spool_parts.hpp"

// The writing side of DiskSpool.
namespace agentpipe::delivery {

namespace {

using base::ErrorCode;
using base::MutexLock;

/// "crc n " and LF with room for the longest number.
constexpr std::size_t k_line_overhead = 32;
/// What a dead letter adds to its event at most: code, reason, time.
constexpr std::size_t k_letter_overhead = 4UL << 10U;
/// More than this is synced without waiting for the interval: memory is bounded.
constexpr std::size_t k_most_unsynced = 4UL << 20U;
constexpr base::Milliseconds k_retry_disk{1000};
constexpr base::Milliseconds k_interval{100};

}  // namespace

base::Result<RecordNumber> DiskSpool::append(std::string_view event, Weight weight) {
  if (event.size() + k_line_overhead + k_letter_overhead > k_max_spool_line) {
    return base::failure(ErrorCode::too_large,
                         "an event of " + base::human_bytes(event.size()) + " is too large for the spool");
  }
  bool segment_is_full = false;
  {
    const MutexLock lock(mutex_);
    if (auto admitted = admit(event.size(), weight); !admitted) return base::forward(admitted);
    segment_is_full = open_is_full();
  }
  if (segment_is_full) roll();
  RecordNumber number = 0;
  bool at_once = false;
  {
    const MutexLock lock(mutex_);
    number = ++last_;
    recent_.push_back({number, encode_line(number, event), event.size()});
    recent_bytes_ += event.size();
    write_out();
    if (weight == Weight::gap && recent_bytes_ <= k_reserved_bytes) write_into_reserve();
    at_once = options_.fsync == Fsync::each || weight == Weight::milestone || recent_bytes_ > k_most_unsynced;
    changed_.notify_all();
  }
  if (at_once) sync_written();
  return number;
}

base::Result<void> DiskSpool::admit(std::size_t bytes, Weight weight) {
  if (parts_->role == Role::heir) {
    return base::failure(ErrorCode::internal, "A spool of an earlier process takes no events.");
  }
  if (has_room(bytes, weight)) return {};
  remove(take_retired());
  write_out();  // the disk may have room again
  if (has_room(bytes, weight)) return {};
  if (!trouble_.empty()) {
    return base::failure(ErrorCode::unavailable, "The spool takes no more: " + trouble_ + ".");
  }
  return base::failure(ErrorCode::unavailable, "The spool is full (" + base::human_bytes(space_.used()) +
                                                   " of " + base::human_bytes(space_.cap()) + ").");
}

bool DiskSpool::has_room(std::size_t bytes, Weight weight) {
  const std::size_t all = options_.memory_bytes;
  const std::size_t memory = weight == Weight::note  ? all / 4 * 3
                             : weight == Weight::gap ? all + k_reserved_bytes
                                                     : all;
  // One event larger than all memory still has its turn.
  const bool fits = recent_.empty() || recent_bytes_ + bytes <= memory;
  return fits && space_.has_room(bytes + k_line_overhead, weight);
}

void DiskSpool::write_out() {
  if (written_ == last_) return;
  if (!parts_->open && retry_at_ && clock_.ticks() < *retry_at_) return;
  if (!parts_->open && !open_segment()) return;
  for (auto at = written_ + 1 - recent_.front().number; at < recent_.size(); ++at) {
    const Recent& record = recent_[at];
    if (const auto done = parts_->open->file->append(record.line); !done) {
      // A full disk cuts this line off; those before it can be brought to the disk all the same. Not beside
      // another sync: an error is told to one of them only.
      const bool may_sync = done.error().reason == k_no_space && !syncing_ && written_ > synced_;
      if (may_sync && parts_->open->file->sync()) forget_up_to(written_);
      return give_up_segment(done.error());
    }
    written_ = record.number;
    ++parts_->open->records;
    parts_->open->bytes += record.line.size();
    parts_->segments.back().bytes += record.line.size();
    space_.took(record.line.size());
  }
  if (options_.fsync != Fsync::never) return;
  disk_is_well();
  forget_up_to(written_);
}

void DiskSpool::write_into_reserve() {
  if (written_ == last_ || !release_reserve()) return;
  retry_at_.reset();
  write_out();
}

bool DiskSpool::release_reserve() {
  if (!files_.remove(folder_ / k_reserve_file)) return false;
  space_.gave_back(k_reserved_bytes);
  return true;
}

void DiskSpool::disk_is_well() {
  if (!trouble_.empty()) base::log(base::LogLevel::info, "the spool's disk takes events again");
  trouble_.clear();
  retry_at_.reset();
}

bool DiskSpool::open_segment() {
  const Draft draft = draft_segment();
  return begin_segment(draft, make_segment(draft));
}

DiskSpool::Draft DiskSpool::draft_segment() {
  return {++parts_->last_serial, written_ + 1,
          encode_header({source_id(), options_.destination, base::format_rfc3339(clock_.now()),
                         options_.client, written_ + 1})};
}

base::Result<std::unique_ptr<File>> DiskSpool::make_segment(const Draft& draft) {
  const auto path = folder_ / segment_name(draft.serial);
  auto file = files_.open(path, FileSystem::Open::create);
  if (!file) return file;
  auto done = (*file)->append(draft.header);
  if (done && options_.fsync != Fsync::never) done = (*file)->sync();
  if (done && options_.fsync != Fsync::never) done = files_.sync_folder(folder_);
  if (done) return file;
  [[maybe_unused]] const auto removed = files_.remove(path);
  return base::forward(done);
}

bool DiskSpool::begin_segment(const Draft& draft, base::Result<std::unique_ptr<File>> file) {
  if (!file) {
    give_up_segment(file.error());
    return false;
  }
  parts_->segments.push_back({draft.serial, draft.first, draft.header.size(), Segment::State::readable});
  parts_->open = std::make_shared<OpenSegment>(OpenSegment{std::move(*file), draft.header.size(), 0});
  space_.took(draft.header.size());
  return true;
}

void DiskSpool::give_up_segment(const base::Error& error) {
  if (parts_->open && parts_->open->records == 0) {  // a header alone says nothing
    [[maybe_unused]] const auto removed =
        files_.remove(folder_ / segment_name(parts_->segments.back().serial));
    parts_->segments.pop_back();
  }
  parts_->open.reset();
  written_ = synced_;
  if (trouble_.empty()) {
    base::log(base::LogLevel::warn, "the spool cannot write; events are kept in memory for now",
              {{"detail", error.message}});
  }
  retry_at_ = clock_.ticks() + (trouble_.empty() ? base::Milliseconds{0} : k_retry_disk);
  trouble_ = error.message;
}

bool DiskSpool::open_is_full() const {
  return parts_->open && parts_->open->bytes >= options_.segment_bytes;
}

void DiskSpool::roll() {
  sync_once();
  std::optional<Draft> next;
  {
    const MutexLock lock(mutex_);
    if (!open_is_full() || synced_ != last_) return;
    next = draft_segment();
  }
  // Without the lock: the reader goes on. Nobody else opens one, as there is nothing to be written.
  auto file = make_segment(*next);
  const MutexLock lock(mutex_);
  parts_->open.reset();
  begin_segment(*next, std::move(file));
}

void DiskSpool::sync() {
  std::vector<Segment> retired;
  {
    const MutexLock lock(mutex_);
    write_out();
    retired = take_retired();
  }
  sync_written();
  remove(retired);
}

void DiskSpool::sync_at_once() {
  {
    const MutexLock lock(mutex_);
    retry_at_.reset();
  }
  sync();
}

void DiskSpool::sync_written() {
  sync_once();
  sync_once();  // what failed is in a new segment now
}

void DiskSpool::sync_once() {
  std::shared_ptr<OpenSegment> segment;
  RecordNumber up_to = 0;
  {
    MutexLock lock(mutex_);
    while (syncing_) changed_.wait(lock);  // an error of one sync is told to one caller only
    if (!parts_->open || written_ <= synced_) return;
    segment = parts_->open;
    up_to = written_;
    syncing_ = true;
  }
  const auto done = segment->file->sync();
  const MutexLock lock(mutex_);
  syncing_ = false;
  changed_.notify_all();
  if (segment != parts_->open) return;  // given up meanwhile, so its records are written anew
  if (!done) {
    give_up_segment(done.error());
    return write_out();
  }
  disk_is_well();
  forget_up_to(up_to);
}

void DiskSpool::forget_up_to(RecordNumber number) {
  synced_ = std::max(synced_, number);
  written_ = std::max(written_, synced_);
  while (!recent_.empty() && recent_.front().number <= synced_) {
    recent_bytes_ -= recent_.front().bytes;
    recent_.pop_front();
  }
}

bool DiskSpool::wait_until_unsynced(const std::stop_token& stop) {
  MutexLock lock(mutex_);
  const auto has_work = [this]() REQUIRES(mutex_) { return synced_ < last_ || !parts_->retired.empty(); };
  return changed_.wait(lock, stop, has_work) && !stop.stop_requested();
}

std::uint64_t DiskSpool::only_in_memory() const {
  const MutexLock lock(mutex_);
  return last_ - std::max(written_, acknowledged_);
}

std::string DiskSpool::trouble() const {
  const MutexLock lock(mutex_);
  return trouble_;
}

bool DiskSpool::wait_for_room(std::size_t bytes, Weight weight, base::Milliseconds length,
                              const std::stop_token& stop) {
  constexpr base::Milliseconds k_look_again{100};  // disk and other processes make room without a word
  const auto deadline = base::Deadline::after(clock_, length);
  MutexLock lock(mutex_);
  while (!has_room(bytes, weight)) {
    if (deadline.reached(clock_) || stop.stop_requested()) return false;
    const auto room = [&]() REQUIRES(mutex_) { return has_room(bytes, weight); };
    changed_.wait_for(lock, stop, std::min(k_look_again, deadline.left(clock_)), room);
    remove(take_retired());
    write_out();
  }
  return true;
}

SpoolSyncer::SpoolSyncer(DiskSpool& spool, base::Clock& clock)
    : worker_([&spool, &clock](const std::stop_token& stop) {
        while (spool.wait_until_unsynced(stop)) {
          clock.sleep(k_interval, stop);
          spool.sync();
        }
      }) {}

}  // namespace agentpipe::delivery
