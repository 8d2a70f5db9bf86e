#pragma once

#include <string>
#include <string_view>

namespace agentpipe::formats {

/// The text between <tag> and </tag>; empty when it is not there.
std::string_view inside(std::string_view text, const std::string& tag);

}  // namespace agentpipe::formats
