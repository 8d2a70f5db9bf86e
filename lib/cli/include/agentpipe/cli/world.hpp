#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/log.hpp"
#include "agentpipe/cli/signals.hpp"
#include "agentpipe/config/environment.hpp"
#include "agentpipe/config/paths.hpp"
#include "agentpipe/config/web_settings.hpp"

namespace agentpipe::cli {

enum class Verbosity : unsigned char { quiet, normal, verbose };
enum class Prompting : unsigned char { allowed, forbidden };
enum class Colour : unsigned char { off, on };

/// The flags that every command has.
struct GlobalOptions {
  std::optional<std::string> config_file;
  std::optional<base::LogLevel> log_level;
  std::optional<config::LogFormat> log_format;
  Colour colour = Colour::on;  ///< off with --no-color; `on` still depends on where the text goes
  Verbosity verbosity = Verbosity::normal;
  Prompting prompting = Prompting::allowed;
  bool version = false;  ///< --version was given
};

/// One of the three standard channels. Commands that move bulk data use `fd`, everybody else the stream in
/// World.
struct Channel {
  int fd = -1;
  bool is_terminal = false;
};

/// Everything outside the program that a command may touch. A test makes its own with string streams and a
/// clock that stands still.
struct World {
  std::istream& in;
  std::ostream& out;  ///< data
  std::ostream& err;  ///< messages
  Channel in_channel;
  Channel out_channel;
  Channel err_channel;
  const config::Environment& environment;
  config::Paths paths;
  std::filesystem::path working_directory;
  base::Clock& clock;
  Signals& signals;
  GlobalOptions globals;  ///< filled by the parser before the command runs
};

/// May colour (escape sequences) go to this channel? --no-color, NO_COLOR and TERM=dumb say no,
/// CLICOLOR_FORCE says yes, else a terminal decides.
[[nodiscard]] Colour colour_on(const World& world, const Channel& channel);

/// May the command ask questions? Needs a terminal at both ends and no --no-input.
[[nodiscard]] bool may_prompt(const World& world);

}  // namespace agentpipe::cli
