#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/config/environment.hpp"
#include "agentpipe/config/paths.hpp"

namespace agentpipe::config {

/// A value from the command line. It beats every other source; when it cannot be read, the error's reason is
/// "usage".
struct Override {
  std::string_view key;  ///< of the settings table: "url"
  std::string value;
  std::string flag;  ///< "--url", named in errors and by `status`
};

/// Everything settings are made from, in rising order: default, file, environment, flags.
struct Sources {
  Environment environment;
  Paths paths;
  /// From --config; it must exist then. Else the usual places, which need not.
  std::optional<std::filesystem::path> config_file;
  std::vector<Override> flags;
};

/// One row of a settings table, for help texts, samples and tests.
struct KeyHelp {
  std::string_view key;
  std::string_view type;                      ///< "switch", "URL", "number 0–100", …
  std::string_view default_value;             ///< as one would write it in the file; empty: none
  std::vector<std::string_view> environment;  ///< variables, strongest first
  std::vector<std::string_view> aliases;      ///< other names that the file may use
  std::string_view help;
};

/// A value for people and for `status --json`: secrets masked, with the word for where it came from.
struct Shown {
  std::string_view key;
  std::string value;
  std::string origin;
};

}  // namespace agentpipe::config
