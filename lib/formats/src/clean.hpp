#pragma once

#include <string>
#include <string_view>

namespace agentpipe::formats {

/// What may leave this machine as text: valid UTF-8 without NUL; anything else became U+FFFD. Returns `text`
/// itself when it is clean already, otherwise a view of `room`.
std::string_view cleaned(std::string_view text, std::string& room);
std::string cleaned(std::string_view text);

/// An id of the safe alphabet `[A-Za-z0-9._:-]`, at most model::k_max_id bytes; runs of other characters
/// become one
/// '-'. Empty when nothing is left.
std::string safe_id(std::string_view text);

}  // namespace agentpipe::formats
