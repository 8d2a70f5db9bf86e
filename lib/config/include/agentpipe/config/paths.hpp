#pragma once

#include <filesystem>
#include <string_view>

#include "agentpipe/config/environment.hpp"

namespace agentpipe::config {

/// Where things lie on this machine. Built from the environment once; creates nothing.
struct Paths {
  std::filesystem::path home;           ///< $HOME if absolute, else the user database's
  std::filesystem::path state;          ///< ${XDG_STATE_HOME:-~/.local/state}/agentpipe: spool, offsets
  std::filesystem::path data;           ///< ${XDG_DATA_HOME:-~/.local/share}/agentpipe: the server's database
  std::filesystem::path client_config;  ///< $AGENTPIPE_CONFIG, else ~/.agentpipe.yaml
  std::filesystem::path web_config;     ///< ${XDG_CONFIG_HOME:-~/.config}/agentpipe/web.yaml
  std::filesystem::path web_config_system = "/etc/agentpipe/web.yaml";

  static Paths from(const Environment& environment);
};

/// `~` and `~/…` become the home folder; anything else stays.
std::filesystem::path expand_home(std::string_view path, const std::filesystem::path& home);

}  // namespace agentpipe::config
