#include "settings_file.hpp"

#include <algorithm>
#include <ostream>

#include "agentpipe/config/client_settings.hpp"
#include "connection.hpp"

namespace agentpipe::cli {

namespace {

void tell_overridden(World& world, const std::vector<config::Change>& changes) {
  const auto settings = config::load_client_settings(sources_of(world, {}));
  if (!settings) return;
  for (const config::Shown& shown : config::show(*settings)) {
    const bool changed = std::ranges::find(changes, shown.key, &config::Change::key) != changes.end();
    if (!changed || !shown.origin.starts_with("$")) continue;
    world.err << "note: " << shown.origin << " is set and beats " << shown.key << " of the file\n";
  }
}

}  // namespace

std::filesystem::path settings_file(const World& world) {
  return world.globals.config_file ? config::expand_home(*world.globals.config_file, world.paths.home)
                                   : world.paths.client_config;
}

base::Result<void> save_settings(World& world, const std::vector<config::Change>& changes) {
  const auto file = settings_file(world);
  const auto report = config::edit_config_file(file, changes);
  if (!report) return base::forward(report);
  if (world.globals.verbosity == Verbosity::quiet) return {};
  if (report->was_readable_by_others) {
    world.err << "note: " << file.string() << " could be read by others; now only you can (mode 0600)\n";
  }
  world.err << (report->created ? "created " : "saved ") << file.string() << '\n';
  tell_overridden(world, changes);
  return {};
}

}  // namespace agentpipe::cli
