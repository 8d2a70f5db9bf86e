#pragma once

#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/cli/world.hpp"
#include "connection.hpp"

namespace agentpipe::cli {

struct SpoolOptions {
  ConnectionFlags connection;
  std::vector<std::string> sources;
  std::string drain_timeout = "30s";
  bool json = false;
  bool sure = false;
};

base::Result<ExitCode> list_spool(const SpoolOptions& options, World& world);
base::Result<ExitCode> inspect_spool(const SpoolOptions& options, World& world);
base::Result<ExitCode> flush_spool(const SpoolOptions& options, World& world);
base::Result<ExitCode> replay_dead(const SpoolOptions& options, World& world);
base::Result<ExitCode> remove_from_spool(const SpoolOptions& options, World& world);

}  // namespace agentpipe::cli
