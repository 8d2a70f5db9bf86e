#include <CLI/CLI.hpp>
#include <array>
#include <ostream>
#include <utility>

#include "commands.hpp"
#include "help_tree.hpp"

namespace agentpipe::cli {

namespace {

struct CompletionOptions {
  std::string shell;
};

using Generator = std::string (*)(const HelpTree& tree);
constexpr auto k_shells = std::to_array<std::pair<std::string_view, Generator>>(
    {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}});

constexpr std::string_view k_completion_examples =
    "  agentpipe-bridge completion bash > ~/.local/share/bash-completion/completions/agentpipe-bridge\n"
    "  agentpipe-bridge completion fish > ~/.config/fish/completions/agentpipe-bridge.fish\n";

void describe(CLI::App& app, CompletionOptions& options) {
  app.add_option("shell", options.shell, "Which shell")->type_name("bash|zsh|fish")->required();
}

base::Result<ExitCode> run(const CompletionOptions& options, World& world) {
  for (const auto& [shell, generate] : k_shells) {
    if (shell != options.shell) continue;
    world.out << generate(client_help_tree());
    return ExitCode::ok;
  }
  return usage_error("completion is there for bash, zsh and fish");
}

}  // namespace

Command completion_command() {
  return make_command<CompletionOptions>(
      {"completion", "Print the completion script of a shell", k_completion_examples}, describe, run);
}

}  // namespace agentpipe::cli
