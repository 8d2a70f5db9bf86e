#include <CLI/CLI.hpp>
#include <ostream>

#include "commands.hpp"
#include "help_tree.hpp"

namespace agentpipe::cli {

namespace {

struct ManOptions {
  std::string page = "agentpipe-bridge";
};

void describe(CLI::App& app, ManOptions& options) {
  app.add_option("page", options.page, "Which page")->type_name("agentpipe-bridge|agentpipe-web");
}

base::Result<ExitCode> run(const ManOptions& options, World& world) {
  if (options.page != "agentpipe-bridge" && options.page != "agentpipe-web") {
    return usage_error("the pages are agentpipe-bridge and agentpipe-web");
  }
  world.out << man_page(options.page == "agentpipe-web" ? server_help_tree() : client_help_tree());
  return ExitCode::ok;
}

}  // namespace

Command man_command() {
  auto command = make_command<ManOptions>(
      {"man", "Print a manual page for man(1)", "  agentpipe-bridge man | man -l -\n"}, describe, run);
  command.listing = Command::Listing::hidden;
  return command;
}

}  // namespace agentpipe::cli
