#pragma once

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "agentpipe/config/client_settings.hpp"
#include "temporary_directory.hpp"

namespace agentpipe::test {

inline constexpr std::string_view k_key = "ap_live_0123456789abcdefwxyz";

/// A home folder of the test's own, and the sources that lead to it.
struct Scene {
  TemporaryDirectory home;
  config::Environment::Variables variables{{"HOME", home.path().string()}};
  std::vector<config::Override> flags;

  [[nodiscard]] config::Sources sources() const {
    const config::Environment environment(variables);
    return {environment, config::Paths::from(environment), {}, flags};
  }
  [[nodiscard]] std::filesystem::path file() const { return home.path() / ".agentpipe.yaml"; }

  void write(std::string_view text, mode_t mode = 0600) const { write(file(), text, mode); }
  static void write(const std::filesystem::path& path, std::string_view text, mode_t mode = 0600) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    ::chmod(path.c_str(), mode);
  }
  [[nodiscard]] std::string read() const {
    std::ostringstream text;
    text << std::ifstream(file(), std::ios::binary).rdbuf();
    return text.str();
  }
  /// The message of the error that loading ends in, with the home folder as "~"; empty when it loads.
  [[nodiscard]] std::string fault() const {
    const auto settings = config::load_client_settings(sources());
    return settings ? "" : shortened(settings.error().message);
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
