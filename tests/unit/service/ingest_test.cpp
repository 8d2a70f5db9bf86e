#include "service_bench.hpp"

using namespace agentpipe;
using test::json;
using test::ServiceBench;

namespace {

json started(const std::string& id) {
  return {{"type", "conversation.started"},
          {"timestamp", "2026-01-05T08:00:00Z"},
          {"data",
           {{"conversation_id", id},
            {"mode", "reactive"},
            {"initial_prompt", "p"},
            {"participants", json::array()}}}};
}

json document(int messages, const std::string& status = "COMPLETED") {
  json result{{"conversation",
               {{"id", "up"},
                {"mode", "m"},
                {"initial_prompt", "p"},
                {"started_at", "2026-01-05T08:00:00Z"},
                {"status", status}}},
              {"agents", {{{"agent_type", "a"}, {"agent_name", "A"}}}},
              {"messages", json::array()}};
  for (int i = 0; i < messages; ++i)
    result["messages"].push_back({{"agent_type", "a"},
                                  {"agent_name", "A"},
                                  {"content", std::to_string(i)},
                                  {"timestamp", "2026-01-05T08:00:01Z"},
                                  {"tokens_used", 5}});
  return result;
}

}  // namespace

TEST_CASE("the reply carries ids in both spellings and says whether the event is new") {
  ServiceBench bench;
  const auto first = bench.event(started("c1"));
  CHECK(first.created);
  CHECK(first.body["conversation_id"] == "c1");
  CHECK(first.body["conversationId"] == "c1");
  CHECK(first.body["success"] == true);
  const auto message = bench.message("c1", 1);
  CHECK(message.created);
  CHECK(message.body["message_id"] == "c1-1");
  CHECK(message.body["duplicate"] == false);
  const auto again = bench.message("c1", 1);
  CHECK_FALSE(again.created);
  CHECK(again.body["duplicate"] == true);
  CHECK(again.body["messageId"] == "c1-1");
}

TEST_CASE("a connection test stores nothing, a turn marker is only passed on") {
  ServiceBench bench;
  CHECK(bench.event({{"type", "bridge.test"}, {"data", json::object()}}).body["success"] == true);
  CHECK(bench.event({{"type", "turn.started"}, {"data", {{"conversation_id", "c1"}}}}).body["success"] ==
        true);
  CHECK(bench.broadcast == std::vector<std::string>{"turn.started"});
  CHECK(bench.store->last_number() == 0);
}

TEST_CASE("a bad event is refused with its place and stores nothing") {
  ServiceBench bench;
  const auto answer =
      bench.event({{"type", "message.created"}, {"data", {{"conversation_id", "c1"}, {"cost", -1}}}});
  CHECK(answer.error.field == "data.cost");
  CHECK(bench.store->last_number() == 0);
}

TEST_CASE("an upload is new, then unchanged, then grown, and a contradiction changes nothing") {
  ServiceBench bench;
  const auto first = bench.upload(document(2));
  CHECK(first.created);
  CHECK(first.body["result"] == "new");
  CHECK(first.body["messagesCreated"] == 2);
  CHECK(first.body["totalTokens"] == 10);
  const auto second = bench.upload(document(2));
  CHECK_FALSE(second.created);
  CHECK(second.body["result"] == "unchanged");
  CHECK(second.body["duplicates"] == 2);
  const auto third = bench.upload(document(3));
  CHECK(third.body["result"] == "grown");
  CHECK(third.body["messagesCreated"] == 1);
  auto other = document(4);
  other["messages"][0]["content"] = "something else";
  CHECK(bench.upload(other).error.code == base::ErrorCode::conflict);
  CHECK(json::parse(bench.sessions.show("up", {}).value())["totalMessages"] == 3);
}

TEST_CASE("an upload may leave what contradicts it as it is stored, and add the rest") {
  ServiceBench bench;
  CHECK(bench.upload(document(2)).created);
  auto other = document(3);
  other["messages"][0]["content"] = "something else";
  const auto grown = bench.upload(other, {.conflicts = "keep"});
  CHECK(grown.body["result"] == "grown");
  CHECK(grown.body["messagesCreated"] == 1);
  CHECK(grown.body["duplicates"] == 1);
  CHECK(grown.body["conflicts"] == 1);
  const auto again = bench.upload(other, {.conflicts = "keep"});
  CHECK(again.body["result"] == "unchanged");
  CHECK(again.body["conflicts"] == 1);
  const auto stored = bench.store->messages({.session_id = "up"});
  REQUIRE(stored);
  CHECK(stored->messages.size() == 3);
  CHECK(stored->messages[0].body.content == document(1)["messages"][0]["content"]);
  CHECK(bench.upload(other, {.conflicts = "overwrite"}).error.field == "conflicts");
}
