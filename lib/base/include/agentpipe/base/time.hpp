#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace agentpipe::base {

/// Wall-clock time, UTC, in milliseconds: the precision that is stored and shown.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Ticks = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

/// Any RFC 3339 date-time (offset or Z, 0 or more fractional digits, seconds may be missing, a space for the
/// T). Nothing for anything else or outside the years 1970 to 2200. A leap second counts as the second
/// before.
std::optional<Timestamp> parse_rfc3339(std::string_view text);
/// "2026-01-05T08:00:04.012Z"
std::string format_rfc3339(Timestamp at);
std::optional<std::string> format_rfc3339(const std::optional<Timestamp>& at);

/// "2026-11-22 16:06:08" in the local zone, as programs write it into logs.
std::optional<Timestamp> parse_local(std::string_view text);

/// An IMF-fixdate of RFC 9110 ("Sun, 06 Nov 1994 08:49:37 GMT") and back.
std::optional<Timestamp> parse_http_date(std::string_view text);
std::string format_http_date(Timestamp at);

/// "4 s", "3 min", "2 h", "5 d": a length of time for people.
std::string human_duration(Milliseconds length);
/// "250ms", "30s", "10m", "24h", "30d"; nothing for anything else.
std::optional<Milliseconds> parse_duration(std::string_view text);
/// What parse_duration() reads back: "30m", "90s", "0s".
std::string format_duration(Milliseconds length);

}  // namespace agentpipe::base
