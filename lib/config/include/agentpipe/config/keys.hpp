#pragma once

#include <filesystem>
#include <string>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/secret.hpp"

namespace agentpipe::config {

/// What a key may be made of: printable ASCII without spaces, 8 to 512 characters, so that it fits a header.
base::Result<base::Secret> parse_key(std::string text);

/// The first line of a file that nobody but its owner may read (mode 0600 or less); `configuration`
/// otherwise.
base::Result<base::Secret> read_key_file(const std::filesystem::path& path);

}  // namespace agentpipe::config
