#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::cli {

/// The executable of that name in the folders of `path` ("a:b"); empty when there is none.
std::string find_in_path(std::string_view command, std::string_view path);

/// The version that `executable --version` prints: the first word with a digit and a dot in its first 4 KiB,
/// or its first line. Empty when it cannot be run, says nothing or takes more than 3 s. No shell, nothing on
/// its standard input, no variables but `environment` ("NAME=value").
std::string tool_version(const std::string& executable, std::vector<std::string> environment,
                         const std::stop_token& stop);

}  // namespace agentpipe::cli
