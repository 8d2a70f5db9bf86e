#include "agentpipe/cli/program.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"
#include "commands.hpp"
#include "parse_error.hpp"
#include "parser.hpp"
#include "standard_channels.hpp"
#include "versions.hpp"

namespace agentpipe::cli {

namespace {

// CLI11 takes the arguments from the back; `help x` is `x --help`.
std::vector<std::string> parser_arguments(const std::vector<std::string>& arguments) {
  std::vector<std::string> rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (!rest.empty() && rest.front() == "help") {
    rest.erase(rest.begin());
    rest.emplace_back("--help");
  }
  return {rest.rbegin(), rest.rend()};
}

Parser parser_for(std::string_view name, GlobalOptions& globals) {
  auto commands = all_commands();
  if (name == k_server_name) {
    for (const Command& command : commands) {
      if (command.name == "web") return make_server_parser(command, globals);
    }
  }
  return make_parser(commands, globals);
}

ExitCode report(const base::Error& error, World& world) {
  world.err << k_client_name << ": " << base::terminal_safe(error.message) << '\n';
  if (!error.detail.empty()) {
    base::log(base::LogLevel::debug, "command failed", {{"detail", error.detail}});
  }
  return exit_code_of(error);
}

ExitCode run_chosen(const Parser& parser, World& world) {
  if (world.globals.version) {
    world.out << version_text();
    return ExitCode::ok;
  }
  const Command::Run* const run = parser.chosen();
  if (run == nullptr) {
    world.err << parser.app->help();
    return ExitCode::usage;
  }
  const auto code = (*run)(world);
  return code ? *code : report(code.error(), world);
}

Channel channel_of(int fd) {
  return {fd, ::isatty(fd) == 1};
}

/// Whoever calls takes what a command printed for all of it, unless told otherwise. That nobody reads on
/// (`| head`) is no failure.
ExitCode judge_output(const OutputBuffer& output, ExitCode code) {
  if (output.error() == 0 || output.error() == EPIPE) return code;
  std::cerr << k_client_name << ": cannot write to standard output: " << base::system_message(output.error())
            << '\n';
  return code == ExitCode::ok ? ExitCode::data_lost : code;
}

}  // namespace

ExitCode run_program(const std::vector<std::string>& arguments, World& world) {
  const std::string name =
      arguments.empty() ? "" : std::filesystem::path(arguments.front()).filename().string();
  const Parser parser = parser_for(name, world.globals);
  try {
    parser.app->parse(parser_arguments(arguments));
  } catch (const CLI::CallForHelp&) {
    world.out << parser.app->help();
    return ExitCode::ok;
  } catch (const CLI::ParseError& error) {
    return report(usage_error(explain(error, *parser.app)).value(), world);
  }
  return run_chosen(parser, world);
}

int main_program(int count, const char* const* arguments, const char* const* environment) {
  open_closed_channels();
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): a closed pipe is an error of write(), not an end
  std::ios::sync_with_stdio(false);
  const auto variables = config::Environment::from_process(environment);
  base::SystemClock clock;
  ProcessSignals signals;
  const OutputBuffer output(std::cout, STDOUT_FILENO);
  std::error_code ignored;
  World world{std::cin,
              std::cout,
              std::cerr,
              channel_of(STDIN_FILENO),
              channel_of(STDOUT_FILENO),
              channel_of(STDERR_FILENO),
              variables,
              config::Paths::from(variables),
              std::filesystem::current_path(ignored),
              clock,
              signals,
              {}};
  try {
    const ExitCode code = run_program({arguments, arguments + count}, world);
    std::cout.flush();
    return static_cast<int>(judge_output(output, code));
  } catch (const std::exception& error) {
    std::cerr << k_client_name << ": unexpected failure: " << error.what() << '\n';
    return static_cast<int>(ExitCode::failure);
  }
}

}  // namespace agentpipe::cli
