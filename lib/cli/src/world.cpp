#include "agentpipe/cli/world.hpp"

namespace agentpipe::cli {

Colour colour_on(const World& world, const Channel& channel) {
  if (world.globals.colour == Colour::off || world.environment.get("NO_COLOR")) return Colour::off;
  if (world.environment.get_or("CLICOLOR_FORCE", "0") != "0") return Colour::on;
  if (world.environment.get_or("TERM", "") == "dumb") return Colour::off;
  return channel.is_terminal ? Colour::on : Colour::off;
}

bool may_prompt(const World& world) {
  return world.globals.prompting == Prompting::allowed && world.in_channel.is_terminal &&
         world.err_channel.is_terminal;
}

}  // namespace agentpipe::cli
