#include <doctest/doctest.h>

#include "agentpipe/base/files.hpp"
#include "agentpipe/config/web_settings.hpp"
#include "places.hpp"
#include "scene.hpp"

using namespace agentpipe;

namespace {

std::string sample(const char* name) {
  const auto text = base::read_file(test::sources() / "config" / name, 1UL << 20U);
  REQUIRE(text);
  return *text;
}

template <class Keys>
void check_complete(const std::string& text, const Keys& keys, const std::string& indent) {
  for (const config::KeyHelp& key : keys) {
    CAPTURE(key.key);
    CHECK(text.find("\n" + indent + std::string(key.key) + ": ") != std::string::npos);
    for (const auto variable : key.environment) CHECK(text.find(variable) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("the client's sample holds every key with its default") {
  const test::Scene scene;
  const auto defaults = config::load_client_settings(scene.sources());
  scene.write(sample("agentpipe.yaml"));
  const auto settings = config::load_client_settings(scene.sources());
  REQUIRE(defaults);
  REQUIRE(settings);
  for (std::size_t i = 0; i < config::client_keys().size(); ++i) {
    CHECK(config::show(*settings)[i].value == config::show(*defaults)[i].value);
  }
  check_complete(sample("agentpipe.yaml"), config::client_keys(), "  ");
}

TEST_CASE("the server's sample holds every key with its default") {
  const test::Scene scene;
  const auto defaults = config::load_web_settings(scene.sources());
  test::Scene::write(scene.home.path() / ".config/agentpipe/web.yaml", sample("agentpipe-web.yaml"));
  const auto settings = config::load_web_settings(scene.sources());
  REQUIRE(defaults);
  REQUIRE_MESSAGE(settings, (settings ? "" : settings.error().message));
  for (std::size_t i = 0; i < config::web_keys().size(); ++i) {
    CHECK(config::show(*settings)[i].value == config::show(*defaults)[i].value);
  }
  check_complete(sample("agentpipe-web.yaml"), config::web_keys(), "");
}
