#include "parser.hpp"

#include <algorithm>

#include "help_formatter.hpp"

namespace agentpipe::cli {

namespace {

template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

const Choices<base::LogLevel> k_levels = {{"debug", base::LogLevel::debug},
                                          {"info", base::LogLevel::info},
                                          {"warn", base::LogLevel::warn},
                                          {"error", base::LogLevel::error}};
const Choices<config::LogFormat> k_formats = {{"text", config::LogFormat::text},
                                              {"json", config::LogFormat::json}};

constexpr const char* k_global_group = "Global options";

template <class T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, std::optional<T>& target,
                        const Choices<T>& choices, const std::string& help) {
  std::string words;
  for (const auto& [word, value] : choices) words += (words.empty() ? "" : "|") + word;
  const auto find = [&choices](const std::string& word) {
    return std::ranges::find(choices, word, &std::pair<std::string, T>::first);
  };
  const auto take = [&target, find](const std::string& word) { target = find(word)->second; };
  const auto check = [&choices, find, words](const std::string& word) {
    return find(word) != choices.end() ? std::string() : "'" + word + "' is not one of " + words;
  };
  return app.add_option_function<std::string>(name, take, help)
      ->check(CLI::Validator(check, ""))
      ->type_name(words);
}

void add_global_options(CLI::App& app, GlobalOptions& globals) {
  app.set_help_flag("-h,--help", "Show help and exit")->group(k_global_group);
  app.add_option("--config", globals.config_file, "Read this settings file instead of the usual one")
      ->type_name("FILE")
      ->group(k_global_group);
  add_choice(app, "--log-level", globals.log_level, k_levels, "How much to log on standard error")
      ->group(k_global_group);
  add_choice(app, "--log-format", globals.log_format, k_formats, "Log lines for people or for programs")
      ->group(k_global_group);
  app.add_flag_callback(
         "--no-color,--no-colour", [&globals] { globals.colour = Colour::off; },
         "No colours, whatever the terminal can do")
      ->group(k_global_group);
  app.add_flag_callback(
         "-q,--quiet", [&globals] { globals.verbosity = Verbosity::quiet; }, "Only errors")
      ->group(k_global_group);
  app.add_flag_callback(
         "-v,--verbose", [&globals] { globals.verbosity = Verbosity::verbose; },
         "Say more, as --log-level debug")
      ->group(k_global_group);
  app.add_flag_callback(
         "--no-input", [&globals] { globals.prompting = Prompting::forbidden; }, "Never ask questions")
      ->group(k_global_group);
  app.add_flag("--version", globals.version, "Show the version and those of the linked libraries")
      ->group(k_global_group);
}

std::unique_ptr<CLI::App> make_root(std::string_view name, std::string_view summary, GlobalOptions& globals) {
  auto app = std::make_unique<CLI::App>(std::string(summary), std::string(name));
  app->formatter(std::make_shared<HelpFormatter>());
  add_global_options(*app, globals);
  return app;
}

constexpr std::string_view k_root_summary =
    "The flight recorder of AI-agent conversations: ships them from the terminal to a server you own,\n"
    "live and without losing one.";

constexpr std::string_view k_root_examples =
    "  agentpipe-bridge setup                               set up URL and key, once\n"
    "  agentpipe-bridge test                                prove that it works\n"
    "  agentpipe run --json | agentpipe-bridge stream       ship a conversation as it happens\n"
    "  agentpipe-bridge upload --all                        import what agents left on this machine\n"
    "  agentpipe-bridge web                                 start a server\n";

}  // namespace

const Command::Run* Parser::chosen() const {
  for (const auto& [command, run] : runs) {
    if (command->parsed() || command == app.get()) return &run;
  }
  return nullptr;
}

Parser make_parser(const std::vector<Command>& commands, GlobalOptions& globals) {
  Parser parser{make_root(k_client_name, k_root_summary, globals), {}};
  parser.app->footer(std::string(k_root_examples));
  parser.app->require_subcommand(0, 1);
  for (const Command& command : commands) {
    CLI::App* const child =
        parser.app->add_subcommand(std::string(command.name), std::string(command.summary));
    child->set_help_flag("-h,--help", "Show help and exit");
    child->footer(std::string(command.examples));
    child->fallthrough();
    if (command.listing == Command::Listing::hidden) child->group("");
    parser.runs.emplace_back(child, command.add(*child));
  }
  return parser;
}

Parser make_server_parser(const Command& web, GlobalOptions& globals) {
  Parser parser{make_root(k_server_name, web.summary, globals), {}};
  parser.app->footer(std::string(web.examples));
  parser.runs.emplace_back(parser.app.get(), web.add(*parser.app));
  return parser;
}

}  // namespace agentpipe::cli
