#pragma once

#include "agentpipe/base/log.hpp"
#include "agentpipe/cli/world.hpp"

namespace agentpipe::cli {

/// Binds base::log to standard error. -q and -v and --log-level beat `configured`. Call once the settings are
/// known, before threads start.
void start_logging(const World& world, base::LogLevel configured,
                   config::LogFormat format = config::LogFormat::text);

}  // namespace agentpipe::cli
