#include <doctest/doctest.h>

#include "cli_scene.hpp"

using namespace agentpipe;
using test::CliScene;

namespace {

constexpr const char* k_key = "ap_live_0123456789abcdefwxyz";

}  // namespace

TEST_CASE("setup takes everything from flags and shows no key") {
  const CliScene scene;
  const auto done = scene.run({"setup", "--url", "http://localhost:3999/api/ingest", "--api-key-stdin",
                               "--enable", "--timeout-ms", "7s", "--yes"},
                              std::string(k_key) + "\n");
  CHECK(done.code == 0);
  CHECK(done.out.empty());
  CHECK(done.err == "created ~/.agentpipe.yaml\n");
  CHECK(scene.read() ==
        "bridge:\n  enabled: true\n  url: http://localhost:3999\n  timeout_ms: 7000\n  api_key: " +
            std::string(k_key) + "\n");
}

TEST_CASE("setup without terminal and flags names the flags") {
  const CliScene scene;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"setup"}, {"setup", "--yes"}, {"setup", "--no-input"}}) {
    const auto done = scene.run(words);
    CHECK(done.code == 2);
    CHECK(
        done.err ==
        "agentpipe-bridge: setup has no terminal to ask on; say it with flags: --url URL --api-key-stdin (or "
        "--api-key-file FILE, --generate-key), --enable or --disable, --timeout-ms MS, --retry-attempts N\n");
  }
}

TEST_CASE("setup refuses what would not work and leaves the file alone") {
  const CliScene scene;
  const auto code_of = [&](const std::vector<std::string>& words, const std::string& input = "") {
    const auto done = scene.run(words, input);
    CHECK(done.err.find(k_key) == std::string::npos);
    return done.code;
  };
  CHECK(code_of({"setup", "--url", "nonsense"}) == 2);
  CHECK(code_of({"setup", "--url", "http://example.org", "--api-key-stdin"}, k_key) == 78);
  CHECK(code_of({"setup", "--api-key-stdin"}, "") == 78);
  CHECK(code_of({"setup", "--enable", "--disable"}) == 2);
  CHECK(code_of({"setup", "--api-key-stdin", "--generate-key"}) == 2);
  CHECK_FALSE(std::filesystem::exists(scene.file()));
}

TEST_CASE("a generated key is printed once, on standard output") {
  const CliScene scene;
  const auto done = scene.run({"setup", "--generate-key"});
  CHECK(done.code == 0);
  CHECK(done.out.size() == 41);
  CHECK(scene.read() == "bridge:\n  api_key: " + done.out);
  CHECK(done.err.find(done.out.substr(0, 40)) == std::string::npos);
}

TEST_CASE("enable and disable change one word") {
  const CliScene scene;
  scene.write("# mine\nbridge: # b\n  enabled: false # e\n  api_key: " + std::string(k_key) + "\n");
  CHECK(scene.run({"enable"}).err == "saved ~/.agentpipe.yaml\ndelivery to http://localhost:3000 is on\n");
  CHECK(scene.read() == "# mine\nbridge: # b\n  enabled: true # e\n  api_key: " + std::string(k_key) + "\n");
  CHECK(scene.run({"disable"}).err == "saved ~/.agentpipe.yaml\ndelivery is off; URL and key are kept\n");
  CHECK(scene.read() == "# mine\nbridge: # b\n  enabled: false # e\n  api_key: " + std::string(k_key) + "\n");
}

TEST_CASE("what the environment overrides is said when the file is written") {
  CliScene scene;
  scene.variables["AGENTPIPE_STREAM_ENABLED"] = "false";
  CHECK(scene.run({"enable"}).err ==
        "created ~/.agentpipe.yaml\nnote: $AGENTPIPE_STREAM_ENABLED is set and beats enabled of the file\n"
        "delivery to http://localhost:3000 is on\nnote: no key is set; run agentpipe-bridge setup\n");
}

TEST_CASE("status is one JSON document with the Go program's keys first") {
  CliScene scene;
  scene.write("bridge:\n  enabled: true\n  api_key: " + std::string(k_key) + "\n");
  scene.variables["AGENTPIPE_STREAM_URL"] = "https://x.example/";
  const auto done = scene.run({"status", "--json"});
  CHECK(done.code == 0);
  CHECK(done.err.empty());
  CHECK(done.out == R"({
  "enabled": true,
  "url": "https://x.example",
  "has_api_key": true,
  "timeout_ms": 10000,
  "retry_attempts": 3,
  "api_key": "ap_live_…wxyz",
  "log_level": "info",
  "machine": "",
  "ca_file": "",
  "allow_plain_http": false,
  "prices_file": "",
  "project_folders": "",
  "config_file": "~/.agentpipe.yaml",
  "config_file_mode": "0600",
  "origins": {
    "enabled": "~/.agentpipe.yaml:2",
    "url": "$AGENTPIPE_STREAM_URL",
    "api_key": "~/.agentpipe.yaml:3",
    "timeout_ms": "default",
    "retry_attempts": "default",
    "log_level": "default",
    "machine": "default",
    "ca_file": "default",
    "allow_plain_http": "default",
    "prices_file": "default",
    "project_folders": "default"
  },
  "warnings": [],
  "spool": {
    "waiting": 0,
    "waiting_for_other_servers": 0,
    "since": "",
    "dead_letters": 0,
    "last_delivery": "",
    "last_trouble": "",
    "last_trouble_at": ""
  },
  "sources": []
}
)");
}

TEST_CASE("status for people has a line a setting, key masked") {
  const CliScene scene;
  const auto done = scene.run({"status", "--url", "http://localhost:1"});
  CHECK(done.out ==
        "enabled           false                             default\n"
        "url               http://localhost:1                --url\n"
        "api_key           (not set)                         default\n"
        "timeout_ms        10000                             default\n"
        "retry_attempts    3                                 default\n"
        "log_level         info                              default\n"
        "machine           (not set)                         default\n"
        "ca_file           (not set)                         default\n"
        "allow_plain_http  false                             default\n"
        "prices_file       (not set)                         default\n"
        "project_folders   (not set)                         default\n"
        "settings file     ~/.agentpipe.yaml (none yet; agentpipe-bridge setup makes it)\n"
        "spool             0 waiting\n");
}
