#pragma once

#include <cstdint>
#include <limits>

namespace agentpipe::base {

/// Adds `value` to `sum`; sums of hostile numbers end at the top or the bottom instead of wrapping round.
inline void add_saturated(std::int64_t& sum, std::int64_t value) {
  if (!__builtin_add_overflow(sum, value, &sum)) return;
  sum = value > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

}  // namespace agentpipe::base
