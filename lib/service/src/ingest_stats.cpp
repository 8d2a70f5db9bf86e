#include "agentpipe/service/ingest_stats.hpp"

#include <algorithm>
#include <chrono>

namespace agentpipe::service {

using base::MutexLock;

std::int64_t IngestStats::second() const {
  return std::chrono::duration_cast<std::chrono::seconds>(clock_.ticks().time_since_epoch()).count();
}

void IngestStats::committed(std::span<const std::shared_ptr<const model::Logged>> events) {
  const auto now = second();
  const MutexLock lock(mutex_);
  auto& slot = recent_[static_cast<std::size_t>(now) % k_window];
  if (slot.second != now) slot = {now, 0};
  slot.events += events.size();
  for (const auto& event : events) ++state_.by_type[std::string(model::type_name(event->event))];
  state_.last_at = clock_.now();
}

void IngestStats::rejected(std::string_view reason) {
  const MutexLock lock(mutex_);
  ++state_.rejected[std::string(reason)];
}

void IngestStats::passed_over(std::uint64_t items) {
  const MutexLock lock(mutex_);
  state_.passed_over += items;
}

void IngestStats::answered(base::Ticks begun) {
  const double seconds = std::chrono::duration<double>(clock_.ticks() - begun).count();
  const auto bucket = std::ranges::lower_bound(k_bounds, seconds) - k_bounds.begin();
  const MutexLock lock(mutex_);
  ++state_.buckets[static_cast<std::size_t>(bucket)];
  state_.seconds += seconds;
}

IngestStats::Snapshot IngestStats::snapshot() const {
  const auto now = second();
  const MutexLock lock(mutex_);
  auto copy = state_;
  std::uint64_t events = 0;
  for (const auto& slot : recent_)
    if (slot.second > now - static_cast<std::int64_t>(k_window)) events += slot.events;
  copy.events_per_second = static_cast<double>(events) / static_cast<double>(k_window);
  return copy;
}

}  // namespace agentpipe::service
