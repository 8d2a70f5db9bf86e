#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/cli/world.hpp"

namespace CLI {
class App;
}

namespace agentpipe::cli {

/// One row of the table of subcommands. A command is an options struct, a function that describes it to the
/// parser and a function that runs it; make_command() ties the three together.
struct Command {
  using Run = std::function<base::Result<ExitCode>(World&)>;

  std::string_view name;
  std::string_view summary;   ///< one line for the list of commands
  std::string_view examples;  ///< printed first by --help; whole lines, each "  agentpipe-bridge …\n"
  /// Adds flags and arguments to `app`; what comes back runs the command once `app` has parsed.
  std::function<Run(CLI::App& app)> add;
  enum class Listing : unsigned char { shown, hidden } listing = Listing::shown;
};

struct CommandText {
  std::string_view name;
  std::string_view summary;
  std::string_view examples;
};

/// `describe` binds flags to the fields of `Options`; it sets no defaults, those are the struct's own.
/// `run` returns the exit code, or an error which becomes one line on standard error and the exit code of its
/// kind.
template <class Options>
Command make_command(CommandText text, void (*describe)(CLI::App& app, Options& options),
                     base::Result<ExitCode> (*run)(const Options& options, World& world)) {
  const auto add = [describe, run](CLI::App& app) -> Command::Run {
    auto options = std::make_shared<Options>();
    describe(app, *options);
    return [options, run](World& world) { return run(*options, world); };
  };
  return Command{text.name, text.summary, text.examples, add};
}

}  // namespace agentpipe::cli
