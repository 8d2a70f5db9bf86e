#include "agentpipe/config/edit.hpp"

#include <doctest/doctest.h>

#include "agentpipe/base/files.hpp"
#include "scene.hpp"

using namespace agentpipe;

namespace {

std::string edited(std::string_view text, const std::vector<config::Change>& changes) {
  const auto result = config::edit_bridge_section(text, changes);
  return result ? *result : "ERROR " + result.error().message;
}

const std::vector<config::Change> k_on = {{"enabled", "true"}};

}  // namespace

TEST_CASE("only the value changes; comments, spaces, order and other sections stay") {
  CHECK(edited("# mine\nversion: \"1.0\"\nbridge:\n    url: http://old   # keep me\n    enabled:   false\t# "
               "tab\n\nlast: {a: 1}\n",
               {{"enabled", "true"}, {"url", "https://new:1"}}) ==
        "# mine\nversion: \"1.0\"\nbridge:\n    url: https://new:1   # keep me\n    enabled:   true\t# "
        "tab\n\nlast: {a: 1}\n");
}

TEST_CASE("missing keys are added behind the section's last line, in its indentation") {
  CHECK(
      edited("bridge:\n   url: http://a\n   # about nothing\n\nz: 1\n",
             {{"enabled", "true"}, {"api_key", "ap_live_x-_y"}}) ==
      "bridge:\n   url: http://a\n   enabled: true\n   api_key: ap_live_x-_y\n   # about nothing\n\nz: 1\n");
  CHECK(edited("bridge:   # empty so far\nz: 1\n", k_on) ==
        "bridge:   # empty so far\n  enabled: true\nz: 1\n");
  CHECK(edited("bridge:\n  url:\n", {{"url", "http://a"}}) == "bridge:\n  url: http://a\n");
  CHECK(edited("bridge:\n  url:  # none\n", {{"url", "http://a"}}) == "bridge:\n  url: http://a  # none\n");
}

TEST_CASE("a missing section is added at the end") {
  CHECK(edited("", k_on) == "bridge:\n  enabled: true\n");
  CHECK(edited("# only a comment\n", k_on) == "# only a comment\n\nbridge:\n  enabled: true\n");
  CHECK(edited("a: 1\n\n", k_on) == "a: 1\n\nbridge:\n  enabled: true\n");
  CHECK(edited("a: 1", k_on) == "a: 1\n\nbridge:\n  enabled: true");
  CHECK(edited("--- # one\na: 1\n", k_on) == "--- # one\na: 1\n\nbridge:\n  enabled: true\n");
}

TEST_CASE("line ends of the file are kept, also the one that is not there") {
  CHECK(edited("a: 1\r\nbridge:\r\n  url: x\r\n", {{"url", "http://y"}, {"enabled", "true"}}) ==
        "a: 1\r\nbridge:\r\n  url: http://y\r\n  enabled: true\r\n");
  CHECK(edited("bridge:\n  url: x", {{"url", "http://y"}, {"enabled", "true"}}) ==
        "bridge:\n  url: http://y\n  enabled: true");
  CHECK(edited("\xEF\xBB\xBF"
               "bridge:\n  enabled: false\n",
               k_on) ==
        "\xEF\xBB\xBF"
        "bridge:\n  enabled: true\n");
}

TEST_CASE("quotes stay, and text that YAML would take for something else gets them") {
  CHECK(edited("bridge:\n  url: 'it''s'  # a\n  api_key: \"old#1\" # b\n",
               {{"url", "http://b"}, {"api_key", "q\"\\z"}}) ==
        "bridge:\n  url: 'http://b'  # a\n  api_key: \"q\\\"\\\\z\" # b\n");
  CHECK(edited("bridge:\n", {{"api_key", "0123456789"}, {"machine", "yes"}, {"ca_file", "a: b #c"}}) ==
        "bridge:\n  api_key: \"0123456789\"\n  machine: \"yes\"\n  ca_file: \"a: b #c\"\n");
  CHECK(edited("\"bridge\":\n  'enabled': false\n", k_on) == "\"bridge\":\n  'enabled': true\n");
  CHECK(edited("bridge:\n  url: http://a#not-a-comment\n", {{"url", "http://b"}}) ==
        "bridge:\n  url: http://b\n");
}

TEST_CASE("a value that is right already is not touched, whatever it looks like") {
  CHECK(edited("bridge:\n  url:   \"http://a\"   \n", {{"url", "http://a"}}) ==
        "bridge:\n  url:   \"http://a\"   \n");
  CHECK(edited("bridge:\n  url: >-\n    http://a\n", {{"url", "http://a"}}) ==
        "bridge:\n  url: >-\n    http://a\n");
}

TEST_CASE("a key under another name of its own is changed there") {
  CHECK(edited("bridge:\n  auth:\n    type: bearer\n    token: old   # t\n", {{"api_key", "newer"}}) ==
        "bridge:\n  auth:\n    type: bearer\n    token: newer   # t\n");
}

TEST_CASE("braces on one line are opened, keys and comment kept") {
  CHECK(edited("a: {b: 1}\nbridge: {enabled: false, url: 'http://x'}  # why\nz: 2\n", k_on) ==
        "a: {b: 1}\nbridge:  # why\n  enabled: true\n  url: http://x\nz: 2\n");
  CHECK(edited("bridge: {}\n", k_on) == "bridge:\n  enabled: true\n");
}

TEST_CASE("what cannot be changed safely is refused with its line") {
  CHECK(edited("bridge:\n  url: >-\n    http://a\n", {{"url", "http://b"}}) ==
        "ERROR config:2: write 'url' as one plain or quoted value on one line first");
  CHECK(edited("bridge:\n  url: &u http://a\nz: *u\n", {{"url", "http://b"}}) ==
        "ERROR config:2: write 'url' as one plain or quoted value on one line first");
  CHECK(edited("bridge:\n  url: a\n   b\n", {{"url", "http://b"}}).starts_with("ERROR config"));
  CHECK(edited("bridge:\n\turl: a\n", k_on).starts_with("ERROR config:2: "));
  CHECK(edited("a: [\n", k_on).starts_with("ERROR config:2: not valid YAML"));
  CHECK(edited("bridge: {enabled: false,\n  url: x}\n", k_on) ==
        "ERROR config:1: write section 'bridge' as 'key: value' lines first; it is in braces");
  CHECK(edited("{bridge: {enabled: false}}\n", k_on).starts_with("ERROR config:1: "));
  CHECK(edited("a: 1\n---\nb: 2\n", k_on) == "ERROR config: more than one YAML document in it");
  CHECK(edited("- a\n- b\n", k_on) == "ERROR config:1: settings must be 'key: value' lines");
  CHECK(edited("a: 1\rb: 2\n", k_on) == "ERROR config:1: a carriage return alone does not end a line here");
  CHECK(edited("a: 1\n...\n", k_on).starts_with("ERROR config"));
  CHECK(edited("x: &x {url: a}\nbridge: *x\n", k_on).starts_with("ERROR config"));
}

TEST_CASE("the file is replaced with mode 0600, and what others could read is reported") {
  const test::Scene scene;
  scene.write("bridge:\n  enabled: false\n", 0644);
  auto report = config::edit_config_file(scene.file(), k_on);
  REQUIRE(report);
  CHECK_FALSE(report->created);
  CHECK(report->was_readable_by_others);
  CHECK_FALSE(base::readable_by_others(scene.file()));
  CHECK(scene.read() == "bridge:\n  enabled: true\n");
  report = config::edit_config_file(scene.home.path() / "new.yaml", k_on);
  REQUIRE(report);
  CHECK(report->created);
}
