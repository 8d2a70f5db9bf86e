#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agentpipe/model/event.hpp"

namespace agentpipe::formats {

/// What may leave this machine as text: valid UTF-8 without NUL; anything else became U+FFFD. Returns `text`
/// itself when it is clean already, otherwise a view of `room`.
std::string_view cleaned(std::string_view text, std::string& room);
std::string cleaned(std::string_view text);

/// An id of the safe alphabet `[A-Za-z0-9._:-]`, at most model::k_max_id bytes; runs of other characters
/// become one
/// '-'. Empty when nothing is left.
std::string safe_id(std::string_view text);

/// At most model::k_max_label bytes of it.
std::string label(std::string_view text);

/// A length of time as the protocol carries it; nothing for one that no session can have.
model::OptionalDouble duration_seconds(std::int64_t milliseconds);

}  // namespace agentpipe::formats
