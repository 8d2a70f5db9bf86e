#include "agentpipe/follow/path_pattern.hpp"

#include <doctest/doctest.h>

using namespace agentpipe::follow;

TEST_CASE("folders without wildcard belong to the place where to look") {
  CHECK(PathPattern("/home/ada/.codex", "sessions/**/rollout-*.jsonl").folder() ==
        "/home/ada/.codex/sessions");
  CHECK(PathPattern("/home/ada", "**").folder() == "/home/ada");
  CHECK(PathPattern::file("/home/[x]*").folder() == "/home/[x]*");
}

TEST_CASE("two stars stand for any number of folders, one for a part of a name") {
  const PathPattern deep("/h", "sessions/**/rollout-*.jsonl");
  CHECK(deep.matches("/h/sessions/rollout-1.jsonl"));
  CHECK(deep.matches("/h/sessions/2026/01/05/rollout-1.jsonl"));
  CHECK_FALSE(deep.matches("/h/sessions/2026/state.jsonl"));
  CHECK_FALSE(deep.matches("/h/sessions"));
  CHECK_FALSE(deep.matches("/h/sessionsx/rollout-1.jsonl"));
  const PathPattern flat("/h", "tmp/*/chats/*.json");
  CHECK(flat.matches("/h/tmp/p/chats/a.json"));
  CHECK_FALSE(flat.matches("/h/tmp/p/q/chats/a.json"));
  CHECK_FALSE(flat.matches("/h/tmp/p/chats/a.jsonl"));
}

TEST_CASE("only folders that can hold a match are worth a look") {
  const PathPattern pattern("/h", "tmp/*/chats/**/*.json");
  CHECK(pattern.leads_below("/h/tmp"));
  CHECK(pattern.leads_below("/h/tmp/p"));
  CHECK(pattern.leads_below("/h/tmp/p/chats/deep/deeper"));
  CHECK_FALSE(pattern.leads_below("/h/tmp/p/logs"));
  CHECK_FALSE(pattern.leads_below("/h"));
  CHECK_FALSE(PathPattern("/h", "*.json").leads_below("/h/deep"));
}

TEST_CASE("a file stands for itself, whatever is in its name") {
  const auto file = PathPattern::file("/h/[a]*.jsonl");
  CHECK(file.matches("/h/[a]*.jsonl"));
  CHECK_FALSE(file.matches("/h/a.jsonl"));
  CHECK_FALSE(file.leads_below("/h/[a]*.jsonl"));
}

TEST_CASE("a folder lies below itself and its parents, not beside") {
  CHECK(lies_below("/a/b", "/a"));
  CHECK(lies_below("/a", "/a"));
  CHECK(lies_below("/a", "/"));
  CHECK_FALSE(lies_below("/ab", "/a"));
  CHECK_FALSE(lies_below("/a", "/a/b"));
}
