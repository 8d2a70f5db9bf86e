#include "agentpipe/service/token_buckets.hpp"

#include <algorithm>
#include <chrono>

namespace agentpipe::service {

namespace {

using Seconds = std::chrono::duration<double>;

// A sweep over all callers is worth it at most so often.
constexpr base::Milliseconds k_between_sweeps{1'000};

base::Ticks::duration ticks(double seconds) {
  return std::chrono::duration_cast<base::Ticks::duration>(Seconds(seconds));
}

}  // namespace

Allowance TokenBuckets::take(std::string_view caller, base::Ticks now) {
  const auto token = ticks(1 / rate_.per_second);
  const auto capacity = ticks(rate_.burst / rate_.per_second);
  Allowance allowance;
  allowance.limit = static_cast<std::uint64_t>(rate_.burst);
  allowance.window = std::chrono::ceil<base::Milliseconds>(capacity);

  const base::MutexLock lock(mutex_);
  const auto found = full_at_.find(caller);
  const auto full = found == full_at_.end() ? now : std::max(found->second, now);
  const auto debt = full + token - now;
  if (debt > capacity) {
    allowance.admitted = false;
    allowance.wait = std::chrono::ceil<base::Milliseconds>(debt - capacity);
    return allowance;
  }
  full_at(caller, now) = full + token;
  allowance.remaining = static_cast<std::uint64_t>((capacity - debt) / token);
  return allowance;
}

void TokenBuckets::charge(std::string_view caller, std::uint64_t tokens, base::Ticks now) {
  const auto cost = ticks(static_cast<double>(tokens) / rate_.per_second);
  const base::MutexLock lock(mutex_);
  auto& full = full_at(caller, now);
  full = std::max(full, now) + cost;
}

base::Ticks& TokenBuckets::full_at(std::string_view caller, base::Ticks now) {
  if (const auto found = full_at_.find(caller); found != full_at_.end()) return found->second;
  if (full_at_.size() >= most_) make_room(now);
  return full_at_.emplace(caller, now).first->second;
}

void TokenBuckets::make_room(base::Ticks now) {
  if (now - swept_at_ >= k_between_sweeps) {
    swept_at_ = now;
    std::erase_if(full_at_, [now](const auto& entry) { return entry.second <= now; });
  }
  if (full_at_.size() >= most_) full_at_.erase(full_at_.begin());
}

}  // namespace agentpipe::service
