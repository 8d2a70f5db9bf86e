#include <CLI/CLI.hpp>
#include <array>

#include "commands.hpp"
#include "spool_actions.hpp"

namespace agentpipe::cli {

namespace {

struct SpoolAction {
  const char* name;
  const char* summary;
  base::Result<ExitCode> (*run)(const SpoolOptions& options, World& world);
};

constexpr std::array k_actions{
    SpoolAction{"ls", "Show what is waiting, oldest first", list_spool},
    SpoolAction{"inspect", "Show one source: its state, damage and dead letters", inspect_spool},
    SpoolAction{"flush", "Deliver what is waiting for the server that is set up", flush_spool},
    SpoolAction{"replay-dead", "Queue dead letters again, after what was wrong has been mended", replay_dead},
    SpoolAction{"rm", "Delete sources with all that is in them", remove_from_spool},
};

void describe(CLI::App& command, std::string_view name, SpoolOptions& options) {
  if (name == "ls" || name == "inspect") command.add_flag("--json", options.json, "One JSON object a line");
  if (name == "inspect" || name == "replay-dead" || name == "rm") {
    command.add_option("source", options.sources, "Source, or the beginning of its name")
        ->type_name("SOURCE")
        ->required(name != "replay-dead");
  }
  if (name == "rm") command.add_flag("--yes", options.sure, "Also when events are still waiting in them");
  if (name == "flush") {
    command
        .add_option("--drain-timeout", options.drain_timeout,
                    "Give up once the server has taken nothing for so long")
        ->type_name("TIME");
    add_connection_flags(command, options.connection);
  }
}

constexpr CommandText k_spool_text{
    "spool",
    "Look at and deliver what is still waiting on this machine",
    "  agentpipe-bridge spool ls                      what waits, and for which server\n"
    "  agentpipe-bridge spool flush                   deliver it now\n"
    "  agentpipe-bridge spool inspect 3f2a            one source, with its dead letters and why they are "
    "dead\n"
    "  agentpipe-bridge spool replay-dead && agentpipe-bridge spool flush\n",
};

}  // namespace

Command spool_command() {
  const auto add = [](CLI::App& app) -> Command::Run {
    const auto options = std::make_shared<SpoolOptions>();
    app.require_subcommand(1);
    std::array<CLI::App*, k_actions.size()> commands{};
    for (std::size_t i = 0; i < k_actions.size(); ++i) {
      commands[i] = app.add_subcommand(k_actions[i].name, k_actions[i].summary);
      commands[i]->fallthrough();
      describe(*commands[i], k_actions[i].name, *options);
    }
    return [options, commands](World& world) -> base::Result<ExitCode> {
      for (std::size_t i = 0; i < commands.size(); ++i) {
        if (commands[i]->parsed()) return k_actions[i].run(*options, world);
      }
      return ExitCode::usage;
    };
  };
  return Command{k_spool_text.name, k_spool_text.summary, k_spool_text.examples, add};
}

}  // namespace agentpipe::cli
