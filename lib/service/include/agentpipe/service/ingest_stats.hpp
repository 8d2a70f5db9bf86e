#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/model/logged.hpp"

namespace agentpipe::service {

/// Counts what comes in, for diagnostics and monitoring. Thread-safe; cheap.
class IngestStats {
 public:
  explicit IngestStats(const base::Clock& clock) : clock_(clock) {}

  void committed(std::span<const std::shared_ptr<const model::Logged>> events);
  /// A request was refused; `reason`: a stable word of ours.
  void rejected(std::string_view reason);
  /// Spans or log records that exporters send along and that are none of a conversation.
  void passed_over(std::uint64_t items);
  /// From the whole request to its answer.
  void answered(base::Ticks begun);

  /// Upper bounds of the histogram's buckets, in seconds; one more bucket has none.
  static constexpr std::array k_bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0};
  struct Snapshot {
    std::map<std::string, std::uint64_t> by_type;
    std::map<std::string, std::uint64_t> rejected;
    std::uint64_t passed_over = 0;
    double events_per_second = 0;  ///< over the last minute
    std::optional<base::Timestamp> last_at;
    std::array<std::uint64_t, k_bounds.size() + 1> buckets{};
    double seconds = 0;  ///< sum of all durations
  };
  [[nodiscard]] Snapshot snapshot() const;

 private:
  static constexpr std::size_t k_window = 60;  // seconds
  [[nodiscard]] std::int64_t second() const;

  const base::Clock& clock_;
  mutable base::Mutex mutex_;
  Snapshot state_ GUARDED_BY(mutex_);
  struct Slot {
    std::int64_t second = -1;
    std::uint64_t events = 0;
  };
  std::array<Slot, k_window> recent_ GUARDED_BY(mutex_);
};

}  // namespace agentpipe::service
