#include <algorithm>

#include "help_tree.hpp"

namespace agentpipe::cli {

namespace {

std::string flags_of(const HelpOption& option) {
  std::string text;
  for (const std::string& name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return text;
}

std::string value_of(const HelpOption& option) {
  if (option.value.empty()) return "";
  if (option.wants_path()) return " -r -F";
  std::string words;
  for (const std::string& choice : option.choices()) words += (words.empty() ? "" : " ") + choice;
  return words.empty() ? " -x" : " -x -a '" + words + "'";
}

std::string both(const std::string& one, const std::string& other) {
  return one.empty() ? other : one + "; and " + other;
}

class FishLines {
 public:
  /// `everywhere`: the flags that every command takes.
  FishLines(std::string program, std::vector<HelpOption> everywhere)
      : start_("complete -c " + std::move(program)), everywhere_(std::move(everywhere)) {
    line("", " -f", "");
    for (const HelpOption& option : everywhere_) add_option(option, "");
  }

  /// `condition`: the command line leads to this command.
  void add(const HelpTree& tree, const std::string& condition) {
    for (const HelpOption& option : tree.options) {
      if (std::ranges::find(everywhere_, option) == everywhere_.end()) add_option(option, condition);
    }
    const bool files = std::ranges::any_of(tree.arguments, &HelpOption::wants_path);
    if (files) line(condition, " -F", "");
    for (const HelpOption& argument : tree.arguments) {
      for (const std::string& choice : argument.choices()) line(condition, " -a " + choice, "");
    }
    std::string names;
    for (const HelpTree& child : tree.commands) names.append(" ").append(child.name);
    for (const HelpTree& child : tree.commands) {
      const std::string none = "not __fish_seen_subcommand_from" + names;
      line(both(condition, none), " -a " + child.name, child.summary);
      const std::string seen = "__fish_seen_subcommand_from " + child.name;
      add(child, both(condition, seen));
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void add_option(const HelpOption& option, const std::string& condition) {
    line(condition, flags_of(option) + value_of(option), option.help);
  }

  void line(const std::string& condition, const std::string& what, const std::string& help) {
    text_ += start_ + (condition.empty() ? "" : " -n '" + condition + "'") + what +
             (help.empty() ? "" : " -d '" + completion_help(help) + "'") + "\n";
  }

  std::string start_;
  std::vector<HelpOption> everywhere_;
  std::string text_;
};

}  // namespace

std::string fish_completion(const HelpTree& tree) {
  FishLines client("agentpipe-bridge", tree.options);
  client.add(tree, "");
  std::string text =
      "# fish completion for agentpipe-bridge and agentpipe-web; made by: agentpipe-bridge completion "
      "fish\n" +
      client.text();
  for (const HelpTree& child : tree.commands) {
    if (child.name != "web") continue;
    FishLines server("agentpipe-web", tree.options);
    server.add(child, "");
    text += server.text();
  }
  return text;
}

}  // namespace agentpipe::cli
