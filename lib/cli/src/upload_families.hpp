#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "upload_inputs.hpp"

namespace agentpipe::cli {

/// formats::Format::lineage of a file; empty when it has none or cannot be read.
std::string lineage_of(const std::filesystem::path& path);

/// When the file was made, where the file system knows that, else when it was changed; ns since 1970. What
/// was copied into a file was in an older one first.
std::int64_t birth_of(const std::filesystem::path& path);

/// Brings files together that may hold copies of each other's records, the oldest first, and gives them a
/// ledger; the others stay alone, where they are. Looks into files whose lineage is not known yet.
void join_families(std::vector<Input>& inputs, const std::filesystem::path& working_directory);

}  // namespace agentpipe::cli
