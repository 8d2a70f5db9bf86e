#include "help_tree.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "commands.hpp"
#include "parser.hpp"

namespace agentpipe::cli {

namespace {

HelpOption option_of(const CLI::Option& option) {
  HelpOption result;
  for (const std::string& name : option.get_snames()) result.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) result.names.push_back("--" + name);
  if (option.get_type_size() != 0) result.value = option.get_type_name();
  result.help = option.get_description();
  return result;
}

/// TIME in "TIME|off" stands for what one writes there.
bool is_placeholder(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// A command without examples has inherited those of the one above it.
std::string own_examples(const CLI::App& app) {
  const CLI::App* above = app.get_parent();
  return above != nullptr && above->get_footer() == app.get_footer() ? "" : app.get_footer();
}

}  // namespace

std::vector<std::string> HelpOption::choices() const {
  if (value.find('|') == std::string::npos) return {};
  std::vector<std::string> words;
  for (const std::string_view word : base::split(value, '|'))
    if (!is_placeholder(word)) words.emplace_back(word);
  return words;
}

bool HelpOption::wants_path() const {
  return value.starts_with("FILE") || value.starts_with("PATH") || value.starts_with("FOLDER");
}

HelpTree help_tree(const CLI::App& app) {
  HelpTree tree{app.get_name(), app.get_description(), own_examples(app), {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    auto& list = option->get_positional() ? tree.arguments : tree.options;
    list.push_back(option_of(*option));
    if (option->get_positional() && list.back().value.empty()) list.back().value = option->get_name(true);
  }
  for (const CLI::App* child :
       app.get_subcommands([](const CLI::App* c) { return !c->get_group().empty(); })) {
    tree.commands.push_back(help_tree(*child));
  }
  return tree;
}

HelpTree client_help_tree() {
  GlobalOptions globals;
  const Parser parser = make_parser(all_commands(), globals);
  return help_tree(*parser.app);
}

HelpTree server_help_tree() {
  GlobalOptions globals;
  const Parser parser = make_server_parser(web_command(), globals);
  return help_tree(*parser.app);
}

std::string completion_help(const std::string& text) {
  std::string safe = base::one_line(text, 80);
  std::erase_if(safe, [](char c) { return std::string_view("'\"[]`$\\").find(c) != std::string_view::npos; });
  return safe;
}

}  // namespace agentpipe::cli
