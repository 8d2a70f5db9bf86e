#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// A place in a list of sessions as URL-safe text: "i1767600000000.42", "d0.25.42", "sRivers%20100%25.42".
std::string format_session_cursor(const store::SessionPlace& place);
std::optional<store::SessionPlace> parse_session_cursor(std::string_view text);

}  // namespace agentpipe::service
