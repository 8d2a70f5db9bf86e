#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace agentpipe::cli {

/// A flag or argument as completions and man pages see it.
struct HelpOption {
  std::vector<std::string> names;  ///< "--url", "-q"; empty for a positional argument
  std::string value;               ///< "FILE", "text|json", "TIME|off"; empty: takes none
  std::string help;
  bool operator==(const HelpOption&) const = default;

  /// The words of "text|json", "off" of "TIME|off"; empty when there are none to choose from.
  [[nodiscard]] std::vector<std::string> choices() const;
  /// Is a path expected?
  [[nodiscard]] bool wants_path() const;
};

/// The parser without its library: what there is to write on a command line.
struct HelpTree {
  std::string name;
  std::string summary;
  std::string examples;
  std::vector<HelpOption> options;
  std::vector<HelpOption> arguments;
  std::vector<HelpTree> commands;  ///< hidden ones left out
};

HelpTree help_tree(const CLI::App& app);

/// The trees of both names of the program.
HelpTree client_help_tree();
HelpTree server_help_tree();

/// One line of help without the quotes and brackets that a shell's completion would stumble over.
std::string completion_help(const std::string& text);

std::string bash_completion(const HelpTree& tree);
std::string zsh_completion(const HelpTree& tree);
std::string fish_completion(const HelpTree& tree);
/// roff for man(1).
std::string man_page(const HelpTree& tree);

}  // namespace agentpipe::cli
