#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentpipe/cli/world.hpp"
#include "command.hpp"

namespace agentpipe::cli {

/// The parser of the whole program: the root with the global flags, one child a command, and what each would
/// run.
struct Parser {
  std::unique_ptr<CLI::App> app;
  std::vector<std::pair<const CLI::App*, Command::Run>> runs;

  /// The command that a finished parse chose; nothing when there was none.
  [[nodiscard]] const Command::Run* chosen() const;
};

inline constexpr std::string_view k_client_name = "agentpipe-bridge";
inline constexpr std::string_view k_server_name = "agentpipe-web";

/// For `agentpipe-bridge`: every command is a subcommand. `globals` must outlive the parser.
Parser make_parser(const std::vector<Command>& commands, GlobalOptions& globals);
/// For `agentpipe-web`: the command `web` is the program itself.
Parser make_server_parser(const Command& web, GlobalOptions& globals);

}  // namespace agentpipe::cli
