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

TEST_CASE("completions offer words, never what stands for them") {
  const CliScene scene;
  const auto offers = [](const std::string& text, const std::string& what) {
    CAPTURE(what);
    CHECK(text.find(what) != std::string::npos);
  };
  const auto fish = scene.run({"completion", "fish"}).out;
  offers(fish, "complete -c agentpipe-web -l silence-timeout -x -a 'off' ");
  offers(fish, "complete -c agentpipe-web -l retain-size -x -a 'off' ");
  offers(fish, "complete -c agentpipe-web -l base-path -x ");
  offers(fish, "complete -c agentpipe-web -l config -r -F ");
  offers(fish, "complete -c agentpipe-web -l log-level -x -a 'debug info warn error' ");
  offers(fish, "'__fish_seen_subcommand_from stream' -l format -x -a 'auto agentpipe-events ");
  offers(fish, "'__fish_seen_subcommand_from upload' -F");
  offers(fish, "__fish_seen_subcommand_from create' -l scope -x -a 'ingest read admin' ");
  const auto bash = scene.run({"completion", "bash"}).out;
  offers(bash, "'web --retain') COMPREPLY=($(compgen -W 'off' -- \"$word\")); return ;;");
  offers(bash, "'web --base-path') return ;;");
}

TEST_CASE("help and manual name values as people do") {
  const CliScene scene;
  const auto holds = [](const std::string& text, const std::string& what) {
    CAPTURE(what);
    CHECK(text.find(what) != std::string::npos);
  };
  const auto upload = scene.run({"upload", "--help"}).out;
  holds(upload, "-j,--jobs N ");
  holds(upload, "Files at a time, 1 to 64 (16)");
  const auto page = scene.run({"man"}).out;
  holds(page, "\\fIPATH\\fR");
  holds(page, "\\fB\\-\\-scope\\fR \\fIingest|read|admin\\fR");
  holds(page, ".TP\n\\fBredact.patterns\\fR (list of kind and pattern)\n");
  for (const auto& text : {upload, page, scene.run({"man", "agentpipe-web"}).out}) {
    CHECK(text.find("UINT") == std::string::npos);
    CHECK(text.find("TEXT:") == std::string::npos);
    CHECK(text.find("\n\\fITEXT\\fR") == std::string::npos);
  }
}
