#pragma once

#include <cstdint>
#include <optional>

#include "agentpipe/base/time.hpp"

/// Times as tools write them; nothing outside of what the protocol carries, which is 1970 to 2200.
namespace agentpipe::formats {

/// Milliseconds since 1970.
std::optional<base::Timestamp> time_of_ms(std::int64_t milliseconds);
/// Seconds since 1970, fractions too.
std::optional<base::Timestamp> time_of_seconds(double seconds);

}  // namespace agentpipe::formats
