#include "agents.hpp"

#include <doctest/doctest.h>

#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::sql::find_agent;
using store::sql::KnownAgent;

namespace {

std::string agent_for(const std::vector<KnownAgent>& agents, const std::string& type,
                      const std::string& name = {}) {
  model::MessageCreated asked;
  asked.agent_type = type;
  if (!name.empty()) asked.agent_name = name;
  const auto match = find_agent(agents, asked);
  return match.agent_id + (match.known == nullptr ? " new" : "");
}

}  // namespace

TEST_CASE("a message without an agent id finds the one participant it can mean") {
  const std::vector<KnownAgent> two = {{"claude-0", "claude", "Ada", false},
                                       {"gemini-1", "gemini", "", false}};
  CHECK(agent_for(two, "claude") == "claude-0");
  CHECK(agent_for(two, "claude", "Ada") == "claude-0");
  CHECK(agent_for(two, "gemini", "Gert") == "gemini-1");
  CHECK(agent_for(two, "claude", "Bob") == "claude-2 new");
  CHECK(agent_for(two, "codex") == "codex-2 new");
  CHECK(agent_for({}, "claude") == "claude-0 new");
}

TEST_CASE("two participants of one type are told apart by name") {
  const std::vector<KnownAgent> twins = {{"claude-0", "claude", "Ada", false},
                                         {"claude-1", "claude", "Bob", false}};
  CHECK(agent_for(twins, "claude", "Bob") == "claude-1");
}

TEST_CASE("a message that could be of several participants goes to one that stands for the unknown") {
  std::vector<KnownAgent> twins = {{"claude-0", "claude", "", false}, {"claude-1", "claude", "", false}};
  CHECK(agent_for(twins, "claude") == "claude new");
  twins.push_back({"claude", "claude", "", false});
  CHECK(agent_for(twins, "claude") == "claude");
}

TEST_CASE("a derived id does not take one that is in use") {
  const std::vector<KnownAgent> odd = {{"claude-1", "gemini", "", false}};
  CHECK(agent_for(odd, "claude") == "claude-2 new");
}

TEST_CASE("participants told later come first, keep what is known and fill in what was missing") {
  auto known = participant("claude-0", "claude");
  known.model = "opus";
  auto told = participant("claude-0", "claude", "Ada");
  told.model = "haiku";
  told.prompt = "be brief";
  const auto merged = store::sql::merge_participants({participant("codex-1", "codex"), known},
                                                     {participant("gemini-0", "gemini"), told, told});
  CHECK(names(merged) == "gemini-0 gemini -, claude-0 claude Ada, codex-1 codex -");
  CHECK(merged[1].model == "opus");
  CHECK(merged[1].prompt == "be brief");
}
