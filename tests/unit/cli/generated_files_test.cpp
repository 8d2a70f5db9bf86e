#include <doctest/doctest.h>

#include "agentpipe/base/files.hpp"
#include "cli_scene.hpp"
#include "places.hpp"

using namespace agentpipe;
using test::CliScene;

namespace {

struct Generated {
  std::vector<std::string> words;
  std::string path;
};

}  // namespace

TEST_CASE("completions and manual pages are what the program prints") {
  const CliScene scene;
  for (const auto& file : {Generated{{"completion", "bash"}, "completions/agentpipe-bridge.bash"},
                           Generated{{"completion", "zsh"}, "completions/_agentpipe-bridge"},
                           Generated{{"completion", "fish"}, "completions/agentpipe-bridge.fish"},
                           Generated{{"man"}, "packaging/man/agentpipe-bridge.1"},
                           Generated{{"man", "agentpipe-web"}, "packaging/man/agentpipe-web.1"}}) {
    CAPTURE(file.path);
    const auto stored = base::read_file(test::sources() / file.path, 1UL << 20U);
    REQUIRE(stored);
    const bool same = scene.run(file.words).out == *stored;
    CHECK_MESSAGE(same, "make it again: agentpipe-bridge " << file.words.front() << " … > " << file.path);
  }
}
