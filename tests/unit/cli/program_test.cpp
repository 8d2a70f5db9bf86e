#include <doctest/doctest.h>

#include "cli_scene.hpp"

using namespace agentpipe;
using test::CliScene;

TEST_CASE("a slip of the hand is answered with the word that was meant") {
  const CliScene scene;
  const auto told = [&](const std::vector<std::string>& words, const std::string& name = "agentpipe-bridge") {
    const auto done = scene.run(words, "", name);
    return std::to_string(done.code) + " " + done.err;
  };
  CHECK(
      told({"statsu"}) ==
      "2 agentpipe-bridge: unknown command 'statsu'; did you mean 'status'? (see agentpipe-bridge --help)\n");
  CHECK(told({"status", "--jsn"}) ==
        "2 agentpipe-bridge: unknown option '--jsn'; did you mean '--json'? (see agentpipe-bridge status "
        "--help)\n");
  CHECK(
      told({"spool", "list"}) ==
      "2 agentpipe-bridge: unknown command 'list'; did you mean 'ls'? (see agentpipe-bridge spool --help)\n");
  CHECK(told({"spool"}) ==
        "2 agentpipe-bridge: A subcommand is required (see agentpipe-bridge spool --help)\n");
  CHECK(told({"status", "--api-key=secret"}).find("secret") == std::string::npos);
  CHECK(told({"disable", "now"}) ==
        "2 agentpipe-bridge: unexpected argument 'now' (see agentpipe-bridge disable --help)\n");
  CHECK(told({"--log-level", "loud", "status"}).starts_with("2 agentpipe-bridge: "));
}

TEST_CASE("a flag is offered only where it has an effect") {
  const CliScene scene;
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"stream"}, {"status"}, {"test"}, {"spool", "flush"}}) {
    auto with_flag = words;
    with_flag.insert(with_flag.end(), {"--retry-attempts", "1"});
    CHECK(scene.run(with_flag).code == 2);
  }
  for (const char* command : {"upload", "setup"}) {
    CHECK(scene.run({command, "--help"}).out.find("How often upload repeats a failed request") !=
          std::string::npos);
  }
}

TEST_CASE("global flags stand in front of the command and behind it") {
  const CliScene scene;
  const std::string nowhere = (scene.home.path() / "nowhere.yaml").string();
  CHECK(scene.run({"--config", nowhere, "status"}).code == 78);
  CHECK(scene.run({"status", "--config", nowhere}).code == 78);
  CHECK(scene.run({"setup", "--config", nowhere, "--disable"}).code == 0);
  CHECK(scene.run({"status", "--config", nowhere, "-q", "--no-color"}).code == 0);
}

TEST_CASE("help begins with what it is and examples, and ends with the exit codes") {
  const CliScene scene;
  const auto help = scene.run({"--help"});
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  CHECK(help.out.find("Examples:") < help.out.find("Usage:"));
  CHECK(help.out.find("  75   everything is safe on disk, but not yet delivered\n") != std::string::npos);
  CHECK(scene.run({"help", "status"}).out == scene.run({"status", "-h"}).out);
  CHECK(scene.run({}).code == 2);
}

TEST_CASE("under its other name the program is the server") {
  const CliScene scene;
  const auto help = scene.run({"--help"}, "", "agentpipe-web");
  CHECK(help.out.find("agentpipe-web") != std::string::npos);
  CHECK(help.out.find("--listen") != std::string::npos);
}

TEST_CASE("the version names the libraries") {
  const CliScene scene;
  const auto version = scene.run({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("agentpipe-bridge "));
  for (const char* library :
       {"\n  Boost", "\n  curl", "\n  OpenSSL", "\n  SQLite", "\n  yaml-cpp", "\n  zlib"}) {
    CHECK(version.out.find(library) != std::string::npos);
  }
}

TEST_CASE("errors have the exit code of their kind") {
  CHECK(cli::exit_code_of({base::ErrorCode::configuration, "", "", "", ""}) == cli::ExitCode::configuration);
  CHECK(cli::exit_code_of(cli::usage_error("x").value()) == cli::ExitCode::usage);
  CHECK(cli::exit_code_of({base::ErrorCode::unauthorized, "", "", "", ""}) == cli::ExitCode::key_refused);
  CHECK(cli::exit_code_of({base::ErrorCode::unavailable, "", "", "", ""}) == cli::ExitCode::unreachable);
  CHECK(cli::exit_code_of({base::ErrorCode::internal, "", "", "", ""}) == cli::ExitCode::failure);
}
