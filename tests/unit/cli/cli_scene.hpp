#pragma once

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "agentpipe/cli/program.hpp"
#include "manual_clock.hpp"
#include "temporary_directory.hpp"

namespace agentpipe::test {

/// Signals that nobody sends.
class SilentSignals final : public cli::Signals {
 public:
  Subscription subscribe(Handler) override { return {}; }
};

/// A home folder and a world without terminal in which the whole program runs.
struct CliScene {
  TemporaryDirectory home;
  config::Environment::Variables variables{{"HOME", home.path().string()}};

  struct Outcome {
    int code = 0;
    std::string out;
    std::string err;
  };

  /// `words` as after the program's name; the home folder is "~" in what comes back.
  [[nodiscard]] Outcome run(const std::vector<std::string>& words, const std::string& input = "",
                            const std::string& name = "agentpipe-bridge") const {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const config::Environment environment(variables);
    ManualClock clock;
    SilentSignals signals;
    cli::World world{in,          out,   err,     {}, {}, {}, environment, config::Paths::from(environment),
                     home.path(), clock, signals, {}};
    std::vector<std::string> arguments = {"/usr/bin/" + name};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const auto code = cli::run_program(arguments, world);
    return {static_cast<int>(code), shortened(out.str()), shortened(err.str())};
  }

  [[nodiscard]] std::filesystem::path file() const { return home.path() / ".agentpipe.yaml"; }
  void write(std::string_view text) const {
    std::ofstream(file(), std::ios::binary) << text;
    ::chmod(file().c_str(), 0600);
  }
  [[nodiscard]] std::string read() const {
    std::ostringstream text;
    text << std::ifstream(file(), std::ios::binary).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::string shortened(std::string text) const {
    const std::string folder = home.path().string();
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.replace(at, folder.size(), "~");
    }
    return text;
  }
};

}  // namespace agentpipe::test
