#pragma once

#include <filesystem>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/config/edit.hpp"

namespace agentpipe::cli {

/// The file that this run reads and writes: --config or the usual one.
std::filesystem::path settings_file(const World& world);

/// Writes the changes and says on standard error what was done, also what the environment overrides.
base::Result<void> save_settings(World& world, const std::vector<config::Change>& changes);

}  // namespace agentpipe::cli
