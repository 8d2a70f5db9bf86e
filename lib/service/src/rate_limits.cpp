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

}  // namespace

RateLimits::RateLimits(const base::Clock& clock, const RateOptions& options)
    : clock_(clock), write_(options.write), read_(options.read), failure_(options.failure) {}

std::optional<RateLimits::Told> RateLimits::admit(Need need, const Caller& caller) {
  if (need == Need::open) return std::nullopt;
  TokenBuckets& buckets = writes(need) ? write_ : read_;
  if (buckets.unlimited()) return std::nullopt;
  const auto address = caller.key_id.empty() ? counted_address(caller.address) : std::string();
  const auto name = caller.key_id.empty() ? std::string_view(address) : caller.key_id;
  if (name.empty()) return std::nullopt;
  return Told{writes(need) ? "write" : "read", buckets.take(name, clock_.ticks())};
}

std::optional<RateLimits::Told> RateLimits::note_failure(std::string_view address) {
  const auto name = counted_address(address);
  if (name.empty() || failure_.unlimited()) return std::nullopt;
  return Told{"failure", failure_.take(name, clock_.ticks())};
}

}  // namespace agentpipe::service
