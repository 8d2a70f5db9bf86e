#include "service_bench.hpp"

using namespace agentpipe;
using service::Query;
using test::json;
using test::query;
using test::ServiceBench;

TEST_CASE("the list is newest first with pages and the place to stream on from") {
  ServiceBench bench;
  for (const auto* id : {"c1", "c2", "c3"}) bench.message(id, 1);
  const auto page = json::parse(bench.sessions.list(query({{"limit", "2"}})).value());
  CHECK(page["sessions"].size() == 2);
  CHECK(page["pagination"] == json{{"page", 1},
                                   {"limit", 2},
                                   {"total", 3},
                                   {"totalPages", 2},
                                   {"hasNextPage", true},
                                   {"hasPreviousPage", false},
                                   {"nextCursor", "i1767600004000.2"}});
  CHECK(page["streamCursor"] == bench.store->epoch() + "-" + std::to_string(bench.store->last_number()));
  CHECK(json::parse(bench.sessions.list(query({{"limit", "2"}, {"page", "2"}})).value())["sessions"].size() ==
        1);
}

TEST_CASE("a bad parameter is named") {
  ServiceBench bench;
  for (const auto& bad : Query::Parameters{{"page", "0"},
                                           {"limit", "101"},
                                           {"status", "done"},
                                           {"sort", "colour"},
                                           {"order", "up"},
                                           {"startDate", "soon"},
                                           {"minCost", "cheap"},
                                           {"hasErrors", "perhaps"},
                                           {"maxTokens", "-1"}}) {
    CAPTURE(bad.first);
    const auto answer = bench.sessions.list(query({bad}));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().field == bad.first);
    CHECK(answer.error().reason == "bad_parameter");
  }
}

TEST_CASE("a session shows its newest messages only when asked") {
  ServiceBench bench;
  for (int number = 1; number <= 3; ++number) bench.message("c1", number);
  const auto plain = json::parse(bench.sessions.show("c1", {}).value());
  CHECK(plain["totalMessages"] == 3);
  CHECK_FALSE(plain.contains("messages"));
  const auto full = json::parse(
      bench.sessions.show("c1", query({{"includeMessages", "true"}, {"messageLimit", "2"}})).value());
  REQUIRE(full["messages"].size() == 2);
  CHECK(full["messages"][0]["content"] == "message 2");
  CHECK(bench.sessions.show("none", {}).error().code == base::ErrorCode::not_found);
}

TEST_CASE("cursors that nobody gave are refused") {
  ServiceBench bench;
  bench.message("c1", 1);
  for (const auto* cursor : {"x", "a", "a1", "a1.", "a1.2.3", "c1.1", "a-1.1", "a99999999999999999999.1"}) {
    CAPTURE(cursor);
    CHECK(bench.sessions.messages("c1", query({{"cursor", cursor}})).error().field == "cursor");
  }
}

TEST_CASE("notes stand between the messages they came between") {
  ServiceBench bench;
  bench.message("c1", 1);
  bench.event({{"type", "log.entry"},
               {"data", {{"conversation_id", "c1"}, {"level", "system"}, {"content", "half time"}}}});
  bench.message("c1", 2);
  bench.event(
      {{"type", "conversation.error"}, {"data", {{"conversation_id", "c1"}, {"error_message", "boom"}}}});
  const auto notes = json::parse(bench.sessions.notes("c1").value())["notes"];
  REQUIRE(notes.size() == 2);
  CHECK(notes[0]["content"] == "half time");
  CHECK(notes[0]["afterSequence"] == 1);
  CHECK(notes[1]["type"] == "conversation.error");
  CHECK(notes[1]["afterSequence"] == 2);
}
