#include "agentpipe/service/rate_limits.hpp"

#include <string>

#include "agentpipe/base/ip_address.hpp"

namespace agentpipe::service {

namespace {

constexpr bool writes(Need need) {
  return need == Need::ingest || need == Need::upload || need == Need::manage;
}

/// Empty: not counted.
std::string counted_address(std::string_view text) {
  const auto address = base::IpAddress::parse(text);
  if (!address || address->is_loopback()) return {};
  return "@" + address->site().to_string();
}

/// Under which name its tokens are kept; `room` is for one that must be made.
std::string_view name_of(const Caller& caller, std::string& room) {
  if (!caller.key_id.empty()) return caller.key_id;
  return room = counted_address(caller.address);
}

}  // namespace

RateLimits::RateLimits(const base::Clock& clock, const RateOptions& options)
    : clock_(clock), write_(options.write), read_(options.read), failure_(options.failure) {}

std::optional<RateLimits::Told> RateLimits::admit(Need need, const Caller& caller) {
  if (need == Need::open) return std::nullopt;
  TokenBuckets& buckets = writes(need) ? write_ : read_;
  if (buckets.unlimited()) return std::nullopt;
  std::string room;
  const auto name = name_of(caller, room);
  if (name.empty()) return std::nullopt;
  return Told{writes(need) ? "write" : "read", buckets.take(name, clock_.ticks())};
}

void RateLimits::count_events(const Caller& caller, std::uint64_t events) {
  if (events < 2 || write_.unlimited()) return;  // the first one was admitted as the request
  std::string room;
  const auto name = name_of(caller, room);
  if (!name.empty()) write_.charge(name, events - 1, clock_.ticks());
}

std::optional<RateLimits::Told> RateLimits::note_failure(std::string_view address) {
  const auto name = counted_address(address);
  if (name.empty() || failure_.unlimited()) return std::nullopt;
  return Told{"failure", failure_.take(name, clock_.ticks())};
}

}  // namespace agentpipe::service
