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
                                   {"nextCursor", "s1767600004000.2"}});
  CHECK(page["streamCursor"] == bench.store->epoch() + "-" + std::to_string(bench.store->last_number()));
  CHECK(json::parse(bench.sessions.list(query({{"limit", "2"}, {"page", "2"}})).value())["sessions"].size() ==
        1);
}

TEST_CASE("a list goes on by a cursor of its own order only") {
  ServiceBench bench;
  for (const auto* id : {"c1", "c2"}) bench.message(id, 1);
  const auto first = json::parse(bench.sessions.list(query({{"limit", "1"}, {"sort", "tokens"}})).value());
  const std::string cursor = first["pagination"]["nextCursor"];
  const auto second =
      json::parse(bench.sessions.list(query({{"sort", "tokens"}, {"cursor", cursor}})).value());
  CHECK(second["sessions"].size() == 1);
  const Query::Parameters strangers{{"messages", cursor},
                                    {"started", "nabc.1"},
                                    {"tokens", "t5.3.1"},
                                    {"name", "ns%FF.1"},
                                    {"cost", "c.1"}};
  for (const auto& stranger : strangers) {
    CAPTURE(stranger.second);
    const auto page = bench.sessions.list(query({{"sort", stranger.first}, {"cursor", stranger.second}}));
    CHECK(page.error().field == "cursor");
  }
}

TEST_CASE("the day that a list ends with is in it, and a value that is named twice counts once") {
  ServiceBench bench;
  bench.message("c1", 1);  // on 2026-01-05
  const auto total = [&](Query::Parameters parameters) {
    return json::parse(bench.sessions.list(query(std::move(parameters))).value())["pagination"]["total"];
  };
  CHECK(total({{"startDate", "2026-01-05"}, {"endDate", "2026-01-05"}}) == 1);
  CHECK(total({{"endDate", "2026-01-04"}}) == 0);
  CHECK(total({{"status", "ACTIVE,ACTIVE"}}) == 1);
  CHECK(total({{"source", "web,web,cli-stream"}}) == total({{"source", "web,cli-stream"}}));
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

TEST_CASE("the page around a place has that place in it, the first one too") {
  ServiceBench bench;
  for (int number = 0; number <= 4; ++number) bench.message("c1", number);
  const auto around = [&](const char* place) {
    const auto page =
        json::parse(bench.sessions.messages("c1", query({{"around", place}, {"limit", "3"}})).value());
    std::string numbers;
    for (const auto& message : page["messages"]) numbers += message["sequenceNumber"].dump();
    return numbers;
  };
  CHECK(around("0") == "012");
  CHECK(around("1") == "012");
  CHECK(around("3") == "234");
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
