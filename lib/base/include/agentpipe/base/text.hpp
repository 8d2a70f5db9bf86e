#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::base {

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);  // ASCII only
std::vector<std::string_view> split(std::string_view text, char separator);
bool equals_ignore_case(std::string_view a, std::string_view b);  // ASCII only

/// A whole decimal number without sign; nothing for anything else, overflow included.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// "true/1/yes/on" and "false/0/no/off" in any case; nothing for anything else.
std::optional<bool> parse_switch(std::string_view text);

bool is_valid_utf8(std::string_view text);
/// Each byte that is not part of valid UTF-8 becomes U+FFFD.
std::string repair_utf8(std::string_view text);
/// At most `bytes` bytes, cut between code points.
std::string_view truncate_utf8(std::string_view text, std::size_t bytes);
/// First line, trimmed, at most `characters` code points, with "…" when something was cut. For titles.
std::string one_line(std::string_view text, std::size_t characters);

/// Safe to print on a terminal: control characters (escape sequences too) become U+FFFD; tab and LF stay.
std::string terminal_safe(std::string_view text);

/// "ap_live_…abcd": the known prefix, if it has one, and the last four characters; "(set)" below 12
/// characters.
std::string mask_key(std::string_view key);

/// "1,234,567"
std::string group_digits(std::uint64_t number);
/// "1 event", "1,234 events"
std::string counted(std::uint64_t count, std::string_view noun);
/// "18.4 MB" (powers of 1000)
std::string human_bytes(std::uint64_t bytes);

/// The candidate nearest to `word` if it is near enough to be a slip of the hand; empty otherwise.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// Percent-encodes everything but unreserved characters (RFC 3986 section 2.3).
std::string percent_encode(std::string_view text);
/// Decodes %XX, and '+' as a space when `plus_is_space`; nothing when an escape is broken.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Does `text` match the shell pattern? `*` and `?` do not cross '/', `**` does, `[…]` is a set.
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace agentpipe::base
