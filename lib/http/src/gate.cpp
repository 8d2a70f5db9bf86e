#include "gate.hpp"

#include <chrono>
#include <utility>

#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

using service::RateLimits;

std::string seconds(base::Milliseconds length) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(length).count());
}

/// draft-ietf-httpapi-ratelimit-headers: what was allowed, and what is left of it.
std::string lines(const RateLimits::Told& told) {
  const auto& [policy, allowance] = told;
  constexpr std::size_t k_usual_length = 128;
  std::string text;
  text.reserve(k_usual_length);
  text.append("RateLimit-Policy: \"");
  text.append(policy).append("\";q=").append(std::to_string(allowance.limit));
  text.append(";w=").append(seconds(allowance.window)).append("\r\nRateLimit: \"");
  text.append(policy).append("\";r=").append(std::to_string(allowance.remaining));
  text.append(";t=").append(seconds(allowance.wait)).append("\r\n");
  if (!allowance.admitted) text.append("Retry-After: ").append(seconds(allowance.wait)).append("\r\n");
  return text;
}

base::Error too_many(const RateLimits::Told& told) {
  return {base::ErrorCode::rate_limited,
          "Too many requests; try again in " + seconds(told.allowance.wait) + " s.",
          {},
          {},
          {}};
}

constexpr bool stores(Access needed) {
  return needed == Access::ingest || needed == Access::upload;
}

base::Result<void> admit(const Site& site, Access needed, Request& request) {
  const auto told = site.limits.admit(needed, {request.caller, request.peer});
  if (!told) return {};
  request.limit_headers = lines(*told);
  if (told->allowance.admitted) return {};
  if (stores(needed)) site.ingest_stats.rejected(base::to_string(base::ErrorCode::rate_limited));
  return tl::unexpected(too_many(*told));
}

}  // namespace

Refusal refuse_key(const Site& site, std::string_view peer, const base::Error& error) {
  if (error.code != base::ErrorCode::unauthorized) return {error, {}};
  const auto told = site.limits.note_failure(peer);
  if (!told || told->allowance.admitted) return {error, {}};
  return {too_many(*told), lines(*told)};
}

Gate make_gate(const Site& site) {
  return [&site](Access needed, Request& request) -> base::Result<void> {
    if (needed == Access::open) return {};
    if (stores(needed) && site.draining()) {
      return base::failure_at({}, base::ErrorCode::unavailable,
                              "The server is stopping; nothing was stored. Try again soon.", "shutting_down");
    }
    auto principal = site.access.allow(needed, credentials_of(request, site.transport));
    if (!principal) {
      auto refusal = refuse_key(site, request.peer, principal.error());
      request.limit_headers = std::move(refusal.headers);
      return tl::unexpected(std::move(refusal.error));
    }
    request.caller = std::move(principal->key_id);
    return admit(site, needed, request);
  };
}

}  // namespace agentpipe::http
