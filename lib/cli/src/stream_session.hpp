#pragma once

#include <string>

#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/delivery/transport.hpp"
#include "stream_plan.hpp"

namespace agentpipe::cli {

/// Reads all inputs to their end and delivers what they hold; says how it went on world.err.
ExitCode deliver_stream(StreamPlan plan, const std::string& base_url, delivery::Transport& transport,
                        World& world);

/// Prints on world.out what would be sent, one line an event.
ExitCode rehearse_stream(StreamPlan plan, World& world);

/// Reads all inputs to their end for the sake of whoever writes into them, and passes them on.
void swallow_stream(StreamPlan plan, World& world);

}  // namespace agentpipe::cli
