#include "agentpipe/delivery/spool_space.hpp"

#include <algorithm>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"
#include "spool_paths.hpp"

namespace agentpipe::delivery {

namespace {

using base::MutexLock;

/// A full spool is measured again this often: another process may have made room.
constexpr base::Milliseconds k_between_measures{250};
/// And one that fills, after so much of our own.
constexpr std::uint64_t k_measure_after = 16UL << 20U;
/// Root, destination, source, damaged/.
constexpr int k_depth = 3;

std::uint64_t bytes_below(FileSystem& files, const std::filesystem::path& folder, int depth) {
  std::uint64_t sum = 0;
  const auto entries = files.list(folder);
  if (!entries) return 0;
  for (const FolderEntry& entry : *entries) {
    if (entry.kind == FolderEntry::Kind::file) sum += entry.bytes;
    if (entry.kind == FolderEntry::Kind::folder && depth > 0)
      sum += bytes_below(files, folder / entry.name, depth - 1);
  }
  return sum;
}

}  // namespace

SpoolSpace::SpoolSpace(FileSystem& files, base::Clock& clock, std::filesystem::path root, std::uint64_t cap)
    : files_(files), clock_(clock), root_(std::move(root)), cap_(cap) {
  const MutexLock lock(mutex_);
  measure();
}

bool SpoolSpace::has_room(std::uint64_t bytes, Weight weight) {
  const std::uint64_t reserved = std::min(k_reserved_bytes, cap_ / 16);
  const std::uint64_t limit = weight == Weight::gap    ? cap_
                              : weight == Weight::note ? cap_ - cap_ / 16
                                                       : cap_ - reserved;
  const MutexLock lock(mutex_);
  const bool stale = since_measured_ > k_measure_after ||
                     (used_ + bytes > limit && clock_.ticks() >= measured_at_ + k_between_measures);
  if (stale) measure();
  return used_ + bytes <= limit;
}

void SpoolSpace::took(std::uint64_t bytes) {
  const MutexLock lock(mutex_);
  used_ += bytes;
  since_measured_ += bytes;
  if (used_ <= cap_ / 5 * 4 || std::exchange(warned_, true)) return;
  base::log(base::LogLevel::warn, "the spool is filling up",
            {{"used", base::human_bytes(used_)}, {"of", base::human_bytes(cap_)}});
}

void SpoolSpace::gave_back(std::uint64_t bytes) {
  const MutexLock lock(mutex_);
  used_ -= std::min(bytes, used_);
}

std::uint64_t SpoolSpace::used() const {
  const MutexLock lock(mutex_);
  return used_;
}

void SpoolSpace::measure() {
  used_ = bytes_below(files_, root_, k_depth);
  since_measured_ = 0;
  measured_at_ = clock_.ticks();
}

}  // namespace agentpipe::delivery
