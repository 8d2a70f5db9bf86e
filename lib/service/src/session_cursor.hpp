#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// A place in a list of sessions as URL-safe text, which begins with the order of the list:
/// "s1767600000000.42" by start, "c0.25.42" by cost, "nRivers%20100%25.42" by name.
std::string format_session_cursor(const store::SessionPlace& place, store::SessionSort sort);
/// Nothing when the text is of no list in this order.
std::optional<store::SessionPlace> parse_session_cursor(std::string_view text, store::SessionSort sort);

}  // namespace agentpipe::service
