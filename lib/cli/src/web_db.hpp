#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/cli/world.hpp"
#include "web_options.hpp"

namespace agentpipe::cli {

/// Adds `web db check|backup|restore|vacuum`; what comes back runs the one that was chosen, if one was.
std::function<std::optional<base::Result<ExitCode>>(World&)> add_db_command(
    CLI::App& app, const std::shared_ptr<WebOptions>& options);

}  // namespace agentpipe::cli
