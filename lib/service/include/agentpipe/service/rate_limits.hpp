#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/service/need.hpp"
#include "agentpipe/service/token_buckets.hpp"

namespace agentpipe::service {

/// Defaults: a client that sends one event a request and never repeats a refused one (the Go CLI) must not
/// meet them, nor one that catches up with a long absence; a runaway script must.
struct RateOptions {
  Rate write{20'000, 400'000};   ///< events, uploads and management, for each key or address
  Rate read{200, 2'000};         ///< the same for what only looks
  Rate failure{1.0 / 60.0, 30};  ///< refused keys, for each address
};

/// Who asks, as far as counting goes.
struct Caller {
  std::string_view key_id;   ///< empty: nobody in particular
  std::string_view address;  ///< of the client, also behind a proxy
};

/// Counts events and other requests by key, without one by address (IPv6 by /64). This machine itself is not
/// counted without a key. Thread-safe.
class RateLimits {
 public:
  explicit RateLimits(const base::Clock& clock, const RateOptions& options = {});

  struct Told {
    std::string_view policy;  ///< "write", "read", "failure"
    Allowance allowance;
  };
  /// Nothing when such a request of such a caller is not counted.
  std::optional<Told> admit(Need need, const Caller& caller);
  /// The request that was admitted turned out to bring so many events. More than the bucket holds are taken
  /// once, and paid for by waiting before the next request.
  void count_events(const Caller& caller, std::uint64_t events);
  /// A key was refused. Not admitted: too many were, from there.
  std::optional<Told> note_failure(std::string_view address);

 private:
  const base::Clock& clock_;
  TokenBuckets write_, read_, failure_;
};

}  // namespace agentpipe::service
