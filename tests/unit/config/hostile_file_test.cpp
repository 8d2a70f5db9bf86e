#include <doctest/doctest.h>

#include "agentpipe/config/edit.hpp"
#include "scene.hpp"

using namespace agentpipe;
using test::Scene;

namespace {

std::string fault_of(std::string_view text) {
  const Scene scene;
  scene.write(text);
  return scene.fault();
}

}  // namespace

TEST_CASE("an anchor bomb in another section costs nothing, in ours it is refused") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'z'; ++name) {
    bomb += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) bomb += (i == 0 ? "*" : ", *") + std::string(1, static_cast<char>(name - 1));
    bomb += "]\n";
  }
  CHECK(fault_of(bomb + "bridge:\n  enabled: true\n").empty());
  CHECK(fault_of(bomb + "bridge:\n  url: *y\n").ends_with("'url' is nested too deep"));
}

TEST_CASE("an anchor that holds itself ends") {
  CHECK(fault_of("bridge: &b\n  auth: *b\n") == "~/.agentpipe.yaml:2: 'auth.auth' is nested too deep");
}

TEST_CASE("depth, size and number of keys are bounded") {
  CHECK(fault_of("bridge: " + std::string(100'000, '[')).starts_with("~/.agentpipe.yaml:"));
  CHECK(fault_of("bridge:\n  a:\n    b:\n      c: 1\n") == "~/.agentpipe.yaml:3: 'a.b' is nested too deep");
  CHECK_FALSE(fault_of("#" + std::string(2UL << 20U, 'x')).empty());
  const auto edited = config::edit_bridge_section("#" + std::string(2UL << 20U, 'x'), {{"enabled", "true"}});
  CHECK_FALSE(edited);
}

TEST_CASE("bytes that are not UTF-8, NUL and broken YAML are refused, not shown") {
  CHECK(fault_of("bridge:\n  url: \xff\xfe\n") == "~/.agentpipe.yaml:1: not UTF-8");
  for (const std::string_view text :
       {"bridge: [\n", "bridge: {a: \n", "a: b: c\n", "\tbridge: x\n", "bridge: \"open\n", "? [a\n",
        "%YAML 9\n---\n", "bridge: *none\n", "key: !!binary\n  - *x\n"}) {
    const std::string fault = fault_of(text);
    CHECK_MESSAGE((fault.empty() || fault.starts_with("~/.agentpipe.yaml:")), text);
  }
}

TEST_CASE("a key in broken YAML is not repeated by the error") {
  const std::string key(test::k_key);
  CHECK(fault_of("bridge:\n  api_key: *" + key + "\n").find(key) == std::string::npos);
  CHECK(fault_of("bridge:\n  api_key: \"" + key + "\n").find(key) == std::string::npos);
  CHECK(fault_of("bridge:\n  api_key: " + key + " with more\n").find(key) == std::string::npos);
  CHECK(fault_of("bridge:\n  url: " + key + "\n").find(key) == std::string::npos);
}
