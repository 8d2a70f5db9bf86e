#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace agentpipe::cli {

/// --help: what it is, examples, usage, options, commands; below the root's also the exit codes. The examples
/// are the App's footer.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace agentpipe::cli
