#pragma once

#include <cstdint>
#include <filesystem>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/delivery/file_system.hpp"
#include "agentpipe/delivery/spool.hpp"

namespace agentpipe::delivery {

/// How much the spools of all destinations and processes may take together. Thread-safe. Other processes'
/// use is measured from time to time, so the cap is kept to within some MiB.
class SpoolSpace {
 public:
  static constexpr std::uint64_t k_cap = 1UL << 30U;

  SpoolSpace(FileSystem& files, base::Clock& clock, std::filesystem::path root, std::uint64_t cap = k_cap);

  /// Notes may fill 15/16; 64 KiB at the end are for gaps alone.
  [[nodiscard]] bool has_room(std::uint64_t bytes, Weight weight);
  void took(std::uint64_t bytes);
  void gave_back(std::uint64_t bytes);

  [[nodiscard]] std::uint64_t used() const;
  [[nodiscard]] std::uint64_t cap() const { return cap_; }

 private:
  void measure() REQUIRES(mutex_);

  FileSystem& files_;
  base::Clock& clock_;
  const std::filesystem::path root_;
  const std::uint64_t cap_;
  mutable base::Mutex mutex_;
  std::uint64_t used_ GUARDED_BY(mutex_) = 0;
  std::uint64_t since_measured_ GUARDED_BY(mutex_) = 0;
  base::Ticks measured_at_ GUARDED_BY(mutex_){};
  bool warned_ GUARDED_BY(mutex_) = false;
};

}  // namespace agentpipe::delivery
