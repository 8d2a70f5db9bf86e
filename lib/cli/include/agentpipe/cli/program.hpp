#pragma once

#include <string>
#include <vector>

#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/cli/world.hpp"

namespace agentpipe::cli {

/// Parses `arguments` (the name the program was called by is the first) and runs the command. "agentpipe-web"
/// is the same as "agentpipe-bridge web". Whatever goes wrong is one line on world.err and the exit code.
ExitCode run_program(const std::vector<std::string>& arguments, World& world);

/// The process's own world around run_program(); what main() calls.
int main_program(int count, const char* const* arguments, const char* const* environment);

}  // namespace agentpipe::cli
