#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::formats {

/// The words of a command line as a POSIX shell splits it: quotes and backslashes, nothing is expanded. An
/// open quote ends with the text.
std::vector<std::string> shell_words(std::string_view command);

/// What these words run: the script in `bash -lc 'script'`, else the words with a blank between them.
std::string script_of(const std::vector<std::string>& words);

}  // namespace agentpipe::formats
