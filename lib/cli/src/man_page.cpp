#include "agentpipe/base/text.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "agentpipe/config/web_settings.hpp"
#include "help_tree.hpp"
#include "versions.hpp"

namespace agentpipe::cli {

namespace {

// roff reads '\', '-' (as a hyphen that breaks) and a '.' or '\'' at the start of a line.
std::string roff(std::string_view text) {
  std::string safe;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) safe += "\\&";
    if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else {
      safe += c;
    }
    at_start = c == '\n';
  }
  return safe;
}

void add_options(std::string& text, const std::vector<HelpOption>& options) {
  for (const HelpOption& option : options) {
    std::string names;
    for (const std::string& name : option.names)
      names += (names.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
    if (!option.value.empty()) names += (names.empty() ? "\\fI" : " \\fI") + roff(option.value) + "\\fR";
    text += ".TP\n" + names + "\n" + roff(option.help) + "\n";
  }
}

void add_examples(std::string& text, const std::string& examples) {
  if (!examples.empty()) text += ".PP\n.nf\n" + roff(examples) + ".fi\n";
}

void add_commands(std::string& text, const HelpTree& tree, const std::string& path) {
  for (const HelpTree& child : tree.commands) {
    const std::string name = path + child.name;
    text += ".SS \"" + roff(name) + "\"\n" + roff(child.summary) + "\n";
    add_options(text, child.arguments);
    auto own = child.options;
    std::erase_if(own, [](const HelpOption& option) { return option.names.back() == "--help"; });
    add_options(text, own);
    add_examples(text, child.examples);
    add_commands(text, child, name + " ");
  }
}

void add_settings(std::string& text, const std::vector<config::KeyHelp>& keys) {
  for (const config::KeyHelp& key : keys) {
    text += ".TP\n\\fB" + roff(key.key) + "\\fR (" + roff(key.type) +
            (key.default_value.empty() ? "" : ", default " + roff(key.default_value)) + ")\n" +
            roff(key.help) + "\n";
    std::string variables;
    for (const std::string_view name : key.environment)
      variables += (variables.empty() ? "" : ", ") + std::string(name);
    if (!variables.empty()) text += "Environment: " + variables + ".\n";
  }
}

}  // namespace

std::string man_page(const HelpTree& tree) {
  const bool server = tree.name == "agentpipe-web";
  std::string text = ".TH " + std::string(server ? "AGENTPIPE\\-WEB" : "AGENTPIPE\\-BRIDGE") +
                     " 1 \"\" \"agentpipe-bridge " + std::string(program_version()) + "\"\n";
  const std::string_view summary =
      server ? "the server for AI-agent conversations" : "ships AI-agent conversations to a server you own";
  text += ".SH NAME\n" + roff(tree.name) + " \\- " + roff(summary) + "\n";
  text += ".SH SYNOPSIS\n.B " + roff(tree.name) + "\n[\\fIoptions\\fR] " +
          (server ? "[\\fIcommand\\fR]" : "\\fIcommand\\fR") + " [\\fIarguments\\fR]\n";
  text += ".SH DESCRIPTION\n" + roff(tree.summary) + "\n";
  text += ".SH EXAMPLES\n";
  add_examples(text, tree.examples);
  text += ".SH OPTIONS\n";
  add_options(text, tree.options);
  text += ".SH COMMANDS\n";
  add_commands(text, tree, "");
  text += ".SH SETTINGS\n";
  text += server ? "The file ~/.config/agentpipe/web.yaml, else /etc/agentpipe/web.yaml. A flag beats the "
                   "environment, which beats the "
                   "file.\n"
                 : "Section bridge: of ~/.agentpipe.yaml, or of the file that \\-\\-config or "
                   "$AGENTPIPE_CONFIG names. A flag beats the "
                   "environment, which beats the file.\n";
  add_settings(text, server ? config::web_keys() : config::client_keys());
  if (!server) add_settings(text, {config::patterns_help()});
  text += ".SH EXIT STATUS\n";
  for (const ExitCodeHelp& row : exit_codes()) {
    text += ".TP\n.B " + std::to_string(static_cast<int>(row.code)) + "\n" + roff(row.meaning) + "\n";
  }
  return text;
}

}  // namespace agentpipe::cli
