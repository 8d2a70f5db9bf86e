#pragma once

#include <string>
#include <string_view>

namespace agentpipe::cli {

/// "0.1.0"
std::string_view program_version();

/// What --version prints: the program's version and one line for each linked library, as found at run time
/// where the library can say so.
std::string version_text();

}  // namespace agentpipe::cli
