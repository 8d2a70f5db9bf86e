#include "agentpipe/config/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <string>

namespace agentpipe::config {

namespace {

// The XDG specification: a relative path in its variables counts as not set. So it is with HOME, lest where
// the settings and the spool lie depends on the folder that the program is started in.
std::filesystem::path home_of(const Environment& environment) {
  std::filesystem::path home = environment.get_or("HOME", "");
  if (home.is_absolute()) return home;
  const passwd* const entry = ::getpwuid(::getuid());
  return entry != nullptr && entry->pw_dir != nullptr ? entry->pw_dir : "/";
}

std::filesystem::path xdg(const Environment& environment, std::string_view variable,
                          const std::filesystem::path& otherwise) {
  const std::filesystem::path path = environment.get_or(variable, "");
  return path.is_absolute() ? path : otherwise;
}

}  // namespace

Paths Paths::from(const Environment& environment) {
  Paths paths;
  paths.home = home_of(environment);
  paths.state = xdg(environment, "XDG_STATE_HOME", paths.home / ".local/state") / "agentpipe";
  paths.data = xdg(environment, "XDG_DATA_HOME", paths.home / ".local/share") / "agentpipe";
  const auto named = environment.get("AGENTPIPE_CONFIG");
  paths.client_config = named ? expand_home(*named, paths.home) : paths.home / ".agentpipe.yaml";
  paths.web_config = xdg(environment, "XDG_CONFIG_HOME", paths.home / ".config") / "agentpipe/web.yaml";
  return paths;
}

std::filesystem::path expand_home(std::string_view path, const std::filesystem::path& home) {
  if (path == "~") return home;
  if (path.starts_with("~/")) return home / path.substr(2);
  return path;
}

}  // namespace agentpipe::config
