#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/cli/world.hpp"
#include "web_options.hpp"

namespace CLI {
class App;
}

namespace agentpipe::cli {

/// Adds `keys create|list|revoke` to `app`. What comes back runs the one that was given; nothing when none
/// was.
std::function<std::optional<base::Result<ExitCode>>(World&)> add_keys_command(
    CLI::App& app, const std::shared_ptr<WebOptions>& options);

}  // namespace agentpipe::cli
