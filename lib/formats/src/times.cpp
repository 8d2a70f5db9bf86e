#include "times.hpp"

#include <cmath>

namespace agentpipe::formats {
namespace {

/// Milliseconds up to the year 2200, the last that the protocol accepts.
constexpr std::int64_t k_last_ms = 7'258'118'400'000;

}  // namespace

std::optional<base::Timestamp> time_of_ms(std::int64_t milliseconds) {
  if (milliseconds <= 0 || milliseconds >= k_last_ms) return std::nullopt;
  return base::Timestamp(base::Milliseconds(milliseconds));
}

std::optional<base::Timestamp> time_of_seconds(double seconds) {
  constexpr double k_ms_per_second = 1000;
  if (!(seconds > 0 && seconds < static_cast<double>(k_last_ms) / k_ms_per_second)) return std::nullopt;
  return time_of_ms(std::llround(seconds * k_ms_per_second));
}

}  // namespace agentpipe::formats
