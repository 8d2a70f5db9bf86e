#include <CLI/CLI.hpp>
#include <ostream>

#include "agentpipe/config/client_settings.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "settings_file.hpp"

// `enable` and `disable`: one key of the file.

namespace agentpipe::cli {

namespace {

struct NoOptions {};

void describe_nothing(CLI::App&, NoOptions&) {}

base::Result<ExitCode> enable(const NoOptions&, World& world) {
  if (auto saved = save_settings(world, {{"enabled", "true"}}); !saved) return base::forward(saved);
  const auto settings = config::load_client_settings(sources_of(world, {}));
  if (!settings) return base::forward(settings);
  world.err << "delivery to " << *settings->url << " is on\n";
  if (settings->api_key->empty()) world.err << "note: no key is set; run agentpipe-bridge setup\n";
  return ExitCode::ok;
}

base::Result<ExitCode> disable(const NoOptions&, World& world) {
  if (auto saved = save_settings(world, {{"enabled", "false"}}); !saved) return base::forward(saved);
  world.err << "delivery is off; URL and key are kept\n";
  return ExitCode::ok;
}

}  // namespace

Command enable_command() {
  return make_command<NoOptions>({"enable", "Switch delivery on", "  agentpipe-bridge enable\n"},
                                 describe_nothing, enable);
}

Command disable_command() {
  return make_command<NoOptions>(
      {"disable", "Switch delivery off, keeping the settings", "  agentpipe-bridge disable\n"},
      describe_nothing, disable);
}

}  // namespace agentpipe::cli
