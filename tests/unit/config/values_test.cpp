#include <doctest/doctest.h>

#include "agentpipe/config/keys.hpp"
#include "agentpipe/config/web_settings.hpp"
#include "scene.hpp"

using namespace agentpipe;

TEST_CASE("listen addresses") {
  const auto parsed = [](std::string_view text) {
    const auto address = config::parse_listen(text);
    return address ? config::to_string(*address) + (config::is_loopback(*address) ? " loopback" : "")
                   : "ERROR";
  };
  CHECK(parsed("127.0.0.1:3000") == "127.0.0.1:3000 loopback");
  CHECK(parsed("[::1]:0") == "[::1]:0 loopback");
  CHECK(parsed("localhost:3000") == "localhost:3000 loopback");
  CHECK(parsed(":3000") == "[::]:3000");
  CHECK(parsed("0.0.0.0:80") == "0.0.0.0:80");
  for (const char* bad : {"", "3000", "host", "a:b", "a:70000", "[::1:3000", "::1:3000", "a b:1", "a:-1"}) {
    CHECK_MESSAGE(parsed(bad) == "ERROR", bad);
  }
}

TEST_CASE("a key file must be the owner's alone") {
  const test::Scene scene;
  const auto path = scene.home.path() / "key";
  test::Scene::write(path, std::string(test::k_key) + "\nnot this line\n", 0600);
  const auto key = config::read_key_file(path);
  REQUIRE(key);
  CHECK(key->reveal() == test::k_key);
  test::Scene::write(path, std::string(test::k_key), 0640);
  const auto open = config::read_key_file(path);
  REQUIRE_FALSE(open);
  CHECK(scene.shortened(open.error().message) ==
        "key file ~/key can be read by others; run: chmod 600 ~/key");
}

TEST_CASE("paths follow the XDG variables, but only absolute ones") {
  const auto paths = config::Paths::from(config::Environment({{"HOME", "/h"},
                                                              {"XDG_STATE_HOME", "/s"},
                                                              {"XDG_DATA_HOME", "rel"},
                                                              {"AGENTPIPE_CONFIG", "~/x.yaml"}}));
  CHECK(paths.state == "/s/agentpipe");
  CHECK(paths.data == "/h/.local/share/agentpipe");
  CHECK(paths.client_config == "/h/x.yaml");
  CHECK(paths.web_config == "/h/.config/agentpipe/web.yaml");
}

TEST_CASE("a home folder that is not absolute counts as not set") {
  const auto otherwise = config::Paths::from(config::Environment(config::Environment::Variables{}));
  CHECK(otherwise.home.is_absolute());
  for (const char* home : {"", "rel", "./rel"}) {
    const auto paths =
        config::Paths::from(config::Environment(config::Environment::Variables{{"HOME", home}}));
    CHECK(paths.home == otherwise.home);
    CHECK(paths.state == otherwise.state);
  }
}
