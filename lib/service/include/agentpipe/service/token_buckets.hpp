#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/base/time.hpp"

namespace agentpipe::service {

/// How fast a bucket fills and how much it holds.
struct Rate {
  double per_second = 0;  ///< 0: no limit
  double burst = 0;
};

/// What a caller has left.
struct Allowance {
  bool admitted = true;
  std::uint64_t limit = 0;      ///< tokens of a full bucket
  std::uint64_t remaining = 0;  ///< of them now
  base::Milliseconds window{};  ///< in which an empty bucket becomes full
  base::Milliseconds wait{};    ///< until the next token, when there is none
};

/// One token bucket for each caller, kept as the moment at which it will be full again (GCRA): a full bucket
/// takes no memory. Thread-safe.
class TokenBuckets {
 public:
  /// `most`: callers remembered; beyond it one is forgotten, to its advantage.
  explicit TokenBuckets(Rate rate, std::size_t most = 100'000) : rate_(rate), most_(most) {}

  [[nodiscard]] bool unlimited() const { return rate_.per_second <= 0; }
  /// Takes a token, if there is one.
  Allowance take(std::string_view caller, base::Ticks now) EXCLUDES(mutex_);
  /// Takes tokens that were used already, also those that are not there: until the debt is paid, nothing is
  /// given.
  void charge(std::string_view caller, std::uint64_t tokens, base::Ticks now) EXCLUDES(mutex_);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  base::Ticks& full_at(std::string_view caller, base::Ticks now) REQUIRES(mutex_);
  void make_room(base::Ticks now) REQUIRES(mutex_);

  const Rate rate_;
  const std::size_t most_;
  base::Mutex mutex_;
  std::unordered_map<std::string, base::Ticks, Hash, std::equal_to<>> full_at_ GUARDED_BY(mutex_);
  base::Ticks swept_at_ GUARDED_BY(mutex_){};
};

}  // namespace agentpipe::service
