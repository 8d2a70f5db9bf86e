#include <doctest/doctest.h>

#include "scene.hpp"

using namespace agentpipe;
using test::Scene;

namespace {

std::string table(const Scene& scene) {
  const auto settings = config::load_client_settings(scene.sources());
  if (!settings) return settings.error().message;
  std::string text;
  for (const auto& row : config::show(*settings)) {
    text += std::string(row.key) + "=" + row.value + " (" + scene.shortened(row.origin) + ")\n";
  }
  return text;
}

}  // namespace

TEST_CASE("without file and environment every setting is its default") {
  const Scene scene;
  CHECK(table(scene) ==
        "enabled=false (default)\n"
        "url=http://localhost:3000 (default)\n"
        "api_key= (default)\n"
        "timeout_ms=10000 (default)\n"
        "retry_attempts=3 (default)\n"
        "log_level=info (default)\n"
        "machine= (default)\n"
        "ca_file= (default)\n"
        "allow_plain_http=false (default)\n"
        "prices_file= (default)\n"
        "project_folders= (default)\n");
}

TEST_CASE("a flag beats STREAM, STREAM beats BRIDGE, BRIDGE beats the file") {
  Scene scene;
  scene.write(
      "bridge:\n  enabled: true\n  url: http://file:1\n  api_key: ap_live_from_the_file\n  timeout_ms: "
      "500\n");
  scene.variables["AGENTPIPE_BRIDGE_URL"] = "http://bridge:2/";
  scene.variables["AGENTPIPE_BRIDGE_API_KEY"] = "ap_live_from_bridge_xxxx";
  scene.variables["AGENTPIPE_STREAM_API_KEY"] = std::string(test::k_key);
  scene.variables["AGENTPIPE_BRIDGE_TIMEOUT"] = "7s";
  scene.variables["AGENTPIPE_STREAM_ENABLED"] = "";
  scene.flags = {{"url", "https://flag/base/api/ingest/", "--url"}};
  CHECK(table(scene) ==
        "enabled=true (~/.agentpipe.yaml:2)\n"
        "url=https://flag/base (--url)\n"
        "api_key=ap_live_…wxyz ($AGENTPIPE_STREAM_API_KEY)\n"
        "timeout_ms=7000 ($AGENTPIPE_BRIDGE_TIMEOUT)\n"
        "retry_attempts=3 (default)\n"
        "log_level=info (default)\n"
        "machine= (default)\n"
        "ca_file= (default)\n"
        "allow_plain_http=false (default)\n"
        "prices_file= (default)\n"
        "project_folders= (default)\n");
}

TEST_CASE("the names that the documents use are understood, and what has no effect is said") {
  Scene scene;
  scene.write(
      "bridge:\n  type: http\n  auth:\n    type: bearer\n    token: ${MY_KEY}\n  timeout: 10s\n  retry_max: "
      "0\n");
  scene.variables["MY_KEY"] = std::string(test::k_key);
  const auto settings = config::load_client_settings(scene.sources());
  REQUIRE(settings);
  CHECK(settings->api_key->reveal() == test::k_key);
  CHECK(settings->api_key.origin.line == 5);
  CHECK(settings->timeout->count() == 10'000);
  CHECK(*settings->retry_attempts == 0);
  REQUIRE(settings->warnings.size() == 2);
  CHECK(scene.shortened(settings->warnings[0]) == "~/.agentpipe.yaml:2: 'type' has no effect");
  CHECK(scene.shortened(settings->warnings[1]) == "~/.agentpipe.yaml:4: 'auth.type' has no effect");
}

TEST_CASE("files may lie below the home folder, whoever names them") {
  Scene scene;
  scene.write("bridge:\n  ca_file: ~/ca.pem\n  prices_file: ~/prices.csv\n");
  const auto settings = config::load_client_settings(scene.sources());
  REQUIRE(settings);
  CHECK(*settings->ca_file == (scene.home.path() / "ca.pem").string());
  CHECK(*settings->prices_file == (scene.home.path() / "prices.csv").string());
  CHECK(settings->prices_file.origin.line == 3);
  scene.flags.push_back({"ca_file", "~", "--ca-file"});
  CHECK(*config::load_client_settings(scene.sources())->ca_file == scene.home.path().string());
}

TEST_CASE("what cannot be read is one sentence with place, key and remedy, and never the key itself") {
  const auto fault = [](std::string_view text) {
    const Scene scene;
    scene.write(text);
    return scene.fault();
  };
  CHECK(fault("a: 1\nbridge:\n  api_kee: x\n") ==
        "~/.agentpipe.yaml:3: unknown key 'api_kee'; did you mean 'api_key'?");
  CHECK(fault("bridge:\n  zzzzzz: x\n") == "~/.agentpipe.yaml:2: unknown key 'zzzzzz'");
  CHECK(fault("bridge:\n  enabled: perhaps\n") == "~/.agentpipe.yaml:2: enabled must be true or false");
  CHECK(fault("bridge:\n  api_key: has spaces in it\n") ==
        "~/.agentpipe.yaml:2: api_key is malformed: a key has only printable ASCII characters, no spaces");
  CHECK(fault("bridge:\n  api_key: ${NOT_THERE}\n") ==
        "~/.agentpipe.yaml:2: api_key refers to the variable NOT_THERE, which is not set");
  CHECK(fault("bridge:\n  timeout_ms: 1\n") ==
        "~/.agentpipe.yaml:2: timeout_ms must be milliseconds from 100 to 600000, or a time such as 10s");
  CHECK(fault("bridge:\n  timeout: 1s\n  timeout_ms: 1000\n") ==
        "~/.agentpipe.yaml:3: timeout_ms is given twice, the second time as 'timeout_ms'");
  CHECK(fault("bridge:\n  project_folders: ~/src, work\n") ==
        "~/.agentpipe.yaml:2: project_folders must be folders with commas between, each beginning with / or "
        "~/");
  CHECK(fault("bridge:\n  url: [a, b]\n") == "~/.agentpipe.yaml:2: url must be one value, not a list");
  CHECK(fault("bridge:\n  url:\n    - host: a\n") ==
        "~/.agentpipe.yaml:3: url must be one value, not a list");
  CHECK(fault("bridge:\n  urls: [a]\n") == "~/.agentpipe.yaml:2: unknown key 'urls[0]'");
  CHECK(fault("bridge:\n  redact:\n    patterns:\n      - badge\n") ==
        "~/.agentpipe.yaml:4: redact.patterns needs both kind and pattern in each item");
  CHECK(fault("bridge:\n  redact:\n    patterns:\n      - kind: badge\n") ==
        "~/.agentpipe.yaml:4: redact.patterns needs both kind and pattern in each item");
  CHECK(fault("bridge:\n  redact:\n    patterns:\n      - kind: badge\n        regex: x\n") ==
        "~/.agentpipe.yaml:5: unknown key 'redact.patterns[0].regex'");
  CHECK(fault("bridge:\n  url: []\n") == "~/.agentpipe.yaml:2: url must be one value, not a list");
  CHECK(fault("bridge: on\n") == "~/.agentpipe.yaml:1: section 'bridge' must hold 'key: value' lines");
  CHECK(fault("bridge:\n  url: http://u:secret@host\n") ==
        "~/.agentpipe.yaml:2: url must be a URL such as https://host:3000: no user or password in it; the "
        "key has its "
        "own setting");
}

TEST_CASE("a bad flag is a usage error, a missing --config file a configuration error") {
  Scene scene;
  scene.flags = {{"timeout_ms", "soon", "--timeout-ms"}};
  auto settings = config::load_client_settings(scene.sources());
  REQUIRE_FALSE(settings);
  CHECK(settings.error().reason == "usage");
  CHECK(settings.error().message ==
        "--timeout-ms: timeout_ms must be milliseconds from 100 to 600000, or a time such as 10s");
  scene.flags.clear();
  auto sources = scene.sources();
  sources.config_file = scene.home.path() / "nowhere.yaml";
  settings = config::load_client_settings(sources);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().code == base::ErrorCode::configuration);
}

TEST_CASE("a file that others can read earns a warning, the working directory's file is not read") {
  const Scene scene;
  scene.write("bridge:\n  api_key: ap_live_0123456789\n", 0644);
  const auto settings = config::load_client_settings(scene.sources());
  REQUIRE(settings);
  REQUIRE(settings->warnings.size() == 1);
  CHECK(scene.shortened(settings->warnings[0]) ==
        "~/.agentpipe.yaml can be read by others; run: chmod 600 ~/.agentpipe.yaml");
}

TEST_CASE("own patterns for secrets are a list, each with its place") {
  test::Scene scene;
  scene.write(
      "bridge:\n  redact:\n    patterns:\n      - kind: badge\n        pattern: 'b [0-9]+'\n      - {kind: "
      "hall, pattern: h}\n");
  const auto settings = config::load_client_settings(scene.sources());
  REQUIRE(settings);
  REQUIRE(settings->redact_patterns.size() == 2);
  const auto& [badge, hall] = std::tie(settings->redact_patterns[0], settings->redact_patterns[1]);
  CHECK((*badge.kind == "badge" && *badge.pattern == "b [0-9]+" && badge.pattern.origin.line == 5));
  CHECK((*hall.kind == "hall" && *hall.pattern == "h" && hall.kind.origin.line == 6));
}
