#include "agentpipe/config/web_settings.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "scene.hpp"

using namespace agentpipe;
using test::Scene;

namespace {

std::string outcome(const Scene& scene, std::string_view key) {
  const auto settings = config::load_web_settings(scene.sources());
  if (!settings) return "ERROR " + scene.shortened(settings.error().message);
  for (const auto& row : config::show(*settings)) {
    if (row.key == key) return row.value + " (" + scene.shortened(row.origin) + ")";
  }
  return "no such key";
}

}  // namespace

TEST_CASE("the database is a file in the data folder unless somebody names another") {
  Scene scene;
  CHECK(scene.shortened(outcome(scene, "database")) == "sqlite:~/.local/share/agentpipe/web.db (default)");
  scene.variables["DATABASE_URL"] = "sqlite:/tmp/y.db";
  CHECK(outcome(scene, "database") == "sqlite:/tmp/y.db ($DATABASE_URL)");
  scene.flags = {{"database", "sqlite:/tmp/x.db", "--database"}};
  CHECK(outcome(scene, "database") == "sqlite:/tmp/x.db (--database)");
  scene.flags = {};
  scene.variables["DATABASE_URL"] = "postgresql://me:hidden@db:5432/agents";
  CHECK(outcome(scene, "database") == "postgresql://me:***@db:5432/agents ($DATABASE_URL)");
  scene.variables["DATABASE_URL"] =
      "postgres://me@db/agents?sslmode=require&password=hidden&application_name=x";
  CHECK(outcome(scene, "database") ==
        "postgres://me@db/agents?sslmode=require&password=***&application_name=x ($DATABASE_URL)");
  scene.variables["DATABASE_URL"] = "postgresql:///agents?host=/run/postgresql";
  CHECK(outcome(scene, "database") == "postgresql:///agents?host=/run/postgresql ($DATABASE_URL)");
  scene.flags = {{"retain_size", "20GB", "--retain-size"}};
  CHECK(outcome(scene, "database") ==
        "ERROR retain_size (--retain-size) counts what a SQLite file holds; with PostgreSQL use retain");
  scene.flags = {};
  scene.variables["DATABASE_URL"] = "mysql://me:hidden@db/agents";
  CHECK(outcome(scene, "database") ==
        "ERROR $DATABASE_URL: database must be sqlite:PATH or postgresql://USER@HOST/DATABASE");
}

TEST_CASE("an address that others reach wants a login") {
  Scene scene;
  scene.flags = {{"listen", ":3000", "--listen"}};
  auto settings = config::load_web_settings(scene.sources());
  REQUIRE(settings);
  CHECK(config::reading_needs_login(*settings));
  scene.flags.push_back({"auth", "off", "--auth"});
  CHECK(outcome(scene, "auth") ==
        "ERROR other computers can reach [::]:3000 (--listen), so reading needs a login; leave auth at auto, "
        "or listen on "
        "127.0.0.1");
  scene.flags = {};
  settings = config::load_web_settings(scene.sources());
  REQUIRE(settings);
  CHECK_FALSE(config::reading_needs_login(*settings));
}

TEST_CASE("the key from the environment is taken and masked; keys are not kept in the file") {
  Scene scene;
  scene.variables["AGENTPIPE_BRIDGE_API_KEY"] = std::string(test::k_key);
  const auto settings = config::load_web_settings(scene.sources());
  REQUIRE(settings);
  CHECK(settings->api_key->masked() == "ap_live_…wxyz");
  Scene::write(scene.home.path() / ".config/agentpipe/web.yaml", "listen: :1\nthread: 2\n");
  CHECK(outcome(scene, "listen") ==
        "ERROR ~/.config/agentpipe/web.yaml:2: unknown key 'thread'; did you mean 'threads'?");
}

TEST_CASE("values are shown as the file has them, and read back") {
  Scene scene;
  for (const auto& key : config::web_keys()) {
    if (key.key != "database")
      CHECK(outcome(scene, key.key) == std::string(key.default_value) + " (default)");
  }
  const auto shown = [&](std::string_view key, std::string value) {
    scene.flags = {{key, std::move(value), "--flag"}};
    return outcome(scene, key);
  };
  for (const auto& [key, value] :
       {std::pair("heartbeat", "90s"), std::pair("drain_timeout", "0s"), std::pair("silence_timeout", "off"),
        std::pair("stream_rotation", "off"), std::pair("retain", "365d"), std::pair("retain_size", "20GB"),
        std::pair("retain_size", "1500MB"), std::pair("ingest_rate", "off")})
    CHECK(shown(key, value) == std::string(value) + " (--flag)");
  CHECK(shown("retain_size", "2048GB") == "2TB (--flag)");
}

TEST_CASE("paths, times and numbers are checked") {
  Scene scene;
  const auto fault = [&](std::string_view key, std::string value) {
    scene.flags = {{key, std::move(value), "--flag"}};
    return outcome(scene, key);
  };
  CHECK(fault("base_path", "/agents/") == "/agents (--flag)");
  CHECK(fault("base_path", "/") == " (--flag)");
  CHECK(fault("base_path", "agents") == "ERROR --flag: base_path must begin with '/'");
  CHECK(fault("base_path", "/a/../b") == "ERROR --flag: base_path must be a path such as /agents");
  CHECK(fault("heartbeat", "1ms") == "ERROR --flag: heartbeat must be a time from 1s to 300s");
  CHECK(fault("threads", "0") == "ERROR --flag: threads must be a number from 1 to 64");
}
