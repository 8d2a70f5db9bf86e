#include "commands.hpp"

namespace agentpipe::cli {

std::vector<Command> all_commands() {
  return {
      setup_command(),  status_command(),     test_command(),    stream_command(),
      upload_command(), spool_command(),      disable_command(), enable_command(),
      web_command(),    completion_command(), man_command(),
  };
}

}  // namespace agentpipe::cli
