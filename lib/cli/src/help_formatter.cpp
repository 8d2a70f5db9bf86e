#include "help_formatter.hpp"

#include "agentpipe/cli/exit_code.hpp"

namespace agentpipe::cli {

namespace {

constexpr std::size_t k_first_column = 34;

std::string exit_code_paragraph() {
  std::string text = "\nExit codes:\n";
  for (const ExitCodeHelp& row : exit_codes()) {
    const std::string number = std::to_string(static_cast<int>(row.code));
    text += "  " + number + std::string(5 - number.size(), ' ') + std::string(row.meaning) + "\n";
  }
  return text;
}

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(k_first_column);
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
  std::string text = app->get_description() + "\n";
  if (const std::string examples = app->get_footer(); !examples.empty()) text += "\nExamples:\n" + examples;
  text += "\n" + make_usage(app, std::move(name));
  text += make_positionals(app) + make_groups(app, mode) + make_subcommands(app, mode);
  if (app->get_parent() == nullptr) {
    text += exit_code_paragraph();
  } else {
    text += "\nGlobal options and exit codes: agentpipe-bridge --help\n";
  }
  return text;
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  if (option->get_type_size() == 0 || option->get_type_name().empty()) return {};
  std::string text = " " + option->get_type_name();
  if (option->get_expected_max() > 1) text += " …";
  return text;
}

}  // namespace agentpipe::cli
