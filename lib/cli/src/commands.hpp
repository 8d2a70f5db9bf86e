#pragma once

#include <vector>

#include "command.hpp"

namespace agentpipe::cli {

// One function a subcommand, each in the file of its name.
Command setup_command();
Command status_command();
Command test_command();
Command stream_command();
Command upload_command();
Command spool_command();
Command disable_command();
Command enable_command();
Command web_command();
Command completion_command();
Command man_command();

/// The table, in the order of --help.
std::vector<Command> all_commands();

}  // namespace agentpipe::cli
