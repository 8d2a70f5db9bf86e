#include <algorithm>

#include "help_tree.hpp"

namespace agentpipe::cli {

namespace {

// A colon divides the parts of what zsh reads.
std::string zsh_help(const std::string& text) {
  std::string safe = completion_help(text);
  std::ranges::replace(safe, ':', ',');
  return safe;
}

std::string function_name(const std::string& path) {
  std::string name = "_agentpipe_bridge" + (path.empty() ? "" : "_" + path);
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string action_of(const HelpOption& option) {
  if (option.wants_path()) return ":" + zsh_help(option.value) + ":_files";
  std::string words;
  for (const std::string& choice : option.choices()) words += (words.empty() ? "" : " ") + choice;
  return words.empty() ? ":" + zsh_help(option.value) + ":" : ":value:(" + words + ")";
}

void add_option_specs(std::string& text, const std::vector<HelpOption>& options) {
  for (const HelpOption& option : options) {
    for (const std::string& name : option.names) {
      text += "    '" + name + "[" + zsh_help(option.help) + "]" +
              (option.value.empty() ? "" : action_of(option)) + "'\n";
    }
  }
}

void add_function(std::string& text, const HelpTree& tree, const std::string& path,
                  const std::vector<HelpOption>& inherited) {
  for (const HelpTree& child : tree.commands) {
    add_function(text, child, path.empty() ? child.name : path + "_" + child.name, inherited);
  }
  text += "\n" + function_name(path) + "() {\n  local -a options commands\n  options=(\n";
  add_option_specs(text, inherited);
  if (!path.empty()) {
    auto own = tree.options;
    std::erase_if(own, [&](const HelpOption& option) {
      return std::ranges::find(inherited, option) != inherited.end();
    });
    add_option_specs(text, own);
  }
  text += "  )\n";
  if (tree.commands.empty()) {
    const std::string rest = tree.arguments.empty() ? "" : " '*" + action_of(tree.arguments.front()) + "'";
    text += "  _arguments $options" + rest + "\n}\n";
    return;
  }
  text += "  commands=(\n";
  for (const HelpTree& child : tree.commands) {
    text += "    '" + child.name + ":" + zsh_help(child.summary) + "'\n";
  }
  text +=
      "  )\n  local line state\n  _arguments -C $options '1: :->command' '*:: :->rest'\n  case $state in\n"
      "  command) _describe command commands ;;\n  rest)\n    case $line[1] in\n";
  for (const HelpTree& child : tree.commands) {
    text += "    " + child.name + ") " + function_name(path.empty() ? child.name : path + "_" + child.name) +
            " ;;\n";
  }
  text += "    esac ;;\n  esac\n}\n";
}

}  // namespace

std::string zsh_completion(const HelpTree& tree) {
  std::string text =
      "#compdef agentpipe-bridge agentpipe-web\n"
      "# zsh completion; made by: agentpipe-bridge completion zsh\n";
  add_function(text, tree, "", tree.options);
  return text +
         "\nif [[ $service == agentpipe-web ]]; then\n  _agentpipe_bridge_web \"$@\"\nelse\n"
         "  _agentpipe_bridge \"$@\"\nfi\n";
}

}  // namespace agentpipe::cli
