#pragma once

#include <algorithm>
#include <cstddef>

#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/spool.hpp"

namespace agentpipe::delivery {

/// What one batch carries at most. One connection, events of 880 bytes, events a second against batches of
/// 256: 16 0.2, 64 0.5, 128 0.8, 512 1.5, 1,024 2.3.
inline constexpr std::size_t k_batch_events = 1024;

/// Finds the event for which a server refuses whole batches, by halving. Pure.
class BatchSize {
 public:
  /// So many events may go into the next batch.
  [[nodiscard]] std::size_t most() const { return most_; }

  /// A batch of `count` events up to `last` was refused: the culprit is among them.
  void refused(std::size_t count, RecordNumber last) {
    most_ = std::max<std::size_t>(count / 2, 1);
    suspect_until_ = last;
  }
  /// Everything up to `number` is stored: the culprit is behind it.
  void stored(RecordNumber number) {
    if (number >= suspect_until_) return found();
    most_ = std::clamp<std::size_t>((suspect_until_ - number) / 2, 1, k_batch_events);
  }
  /// The culprit is out of the way.
  void found() { *this = BatchSize(); }

 private:
  std::size_t most_ = k_batch_events;
  RecordNumber suspect_until_ = 0;
};

/// The bytes of events bound what a lost answer costs on a slow line. They grow while full batches are
/// answered quickly, as on a fast one. Pure.
class BatchBytes {
 public:
  static constexpr std::size_t k_smallest = 256UL << 10U;
  static constexpr std::size_t k_largest = 1UL << 20U;
  static constexpr base::Milliseconds k_quick{100};
  static constexpr base::Milliseconds k_slow{500};

  [[nodiscard]] std::size_t most() const { return most_; }

  /// So many bytes were stored after that time.
  void stored(std::size_t bytes, base::Milliseconds took) {
    if (took > k_slow) return failed();
    if (took <= k_quick && bytes > most_ / 2) most_ = std::min(most_ * 2, k_largest);
  }
  void failed() { most_ = k_smallest; }

 private:
  std::size_t most_ = k_smallest;
};

}  // namespace agentpipe::delivery
