#include "tool_version.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace agentpipe::cli;

namespace {

struct ToolScene {
  test::TemporaryDirectory folder;

  std::string tool(const std::string& name, const std::string& script) {
    const auto path = folder.path() / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
  }
  std::string version(const std::string& script) {
    return tool_version(tool("tool", script), {"PATH=/usr/bin:/bin", "SHOWN=1.5"}, {});
  }
};

}  // namespace

TEST_CASE("the version is the first word with a digit and a dot, else the first line") {
  ToolScene scene;
  CHECK(scene.version("echo 'tool 1.2.3 (abc)'; echo 9.9") == "1.2.3");
  CHECK(scene.version("echo 'v2.0-beta' >&2; exit 3") == "v2.0-beta");
  CHECK(scene.version("echo nightly build") == "nightly build");
  CHECK(scene.version("exit 1").empty());
  CHECK(scene.version("printf '\\033[31m1.2\\033[0m'").find('\x1B') == std::string::npos);
}

TEST_CASE("a tool that never stops talking is cut off, and one that waits for input gets none") {
  ToolScene scene;
  CHECK(scene.version("while :; do echo 4.5.6; done") == "4.5.6");
  CHECK(scene.version("cat; echo 7.8") == "7.8");
}

TEST_CASE("a tool sees only the variables meant for it") {
  ToolScene scene;
  CHECK(scene.version("echo \"${HOME:-none} $SHOWN\"") == "1.5");
  CHECK(scene.version("echo ${HOME:-none}") == "none");
}

TEST_CASE("a tool is found by PATH alone, never in the working directory") {
  ToolScene scene;
  const auto path = scene.tool("agent", "echo 1.0");
  const auto folder = scene.folder.path().string();
  CHECK(find_in_path("agent", "/nowhere:" + folder) == path);
  CHECK(find_in_path("agent", "").empty());
  CHECK(find_in_path("agent", ".:relative").empty());
  CHECK(find_in_path("absent", folder).empty());
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  CHECK(find_in_path("agent", folder).empty());
}
