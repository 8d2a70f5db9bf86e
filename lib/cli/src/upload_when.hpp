#pragma once

#include <optional>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"

namespace agentpipe::cli {

/// Which end of a day a plain date means.
enum class DayEdge : unsigned char { begin, end };

/// "30d" (so long ago), "2026-11-01" (a day, local time) or an RFC 3339 time; nothing for an empty text.
/// A usage error that names `flag` otherwise.
base::Result<std::optional<base::Timestamp>> parse_when(std::string_view text, std::string_view flag,
                                                        DayEdge edge, base::Timestamp now);

}  // namespace agentpipe::cli
