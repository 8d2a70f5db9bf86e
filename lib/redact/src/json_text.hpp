#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace agentpipe::redact {

/// The text of a JSON string, given what stands between its quotes; a lone surrogate becomes U+FFFD.
std::string unescape(std::string_view inner);
/// The position of the quote that closes the string whose opening quote is at `open`; npos when none does.
std::size_t closing_quote(std::string_view json, std::size_t open);

}  // namespace agentpipe::redact
