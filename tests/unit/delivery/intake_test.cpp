#include "agentpipe/delivery/intake.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agentpipe/delivery/memory_spool.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;

namespace {

const base::Timestamp k_at{1'767'600'000s};

model::Event message(const std::string& id, const std::string& conversation = "c") {
  model::MessageCreated made;
  made.conversation_id = conversation;
  made.message_id = id;
  return {k_at, made};
}

}  // namespace

TEST_CASE("a full spool costs patience once, then new events are dropped until there is room") {
  delivery::MemorySpool spool({.count = 1});
  delivery::Intake intake(spool);
  CHECK(intake.accept(message("a"), 1ms, {}));
  CHECK_FALSE(intake.accept(message("b"), 1ms, {}));
  CHECK_FALSE(intake.accept(message("c"), 1h, {}));
  CHECK(intake.dropped() == 2);
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(intake.accept(message("e"), 1h, stop.get_token()));
  CHECK(intake.dropped() == 3);
}

TEST_CASE("what was dropped is told in its place, one gap a conversation") {
  delivery::MemorySpool spool({.count = 1});
  delivery::Intake intake(spool);
  CHECK(intake.accept(message("a"), 0ms, {}));
  model::Event later = message("c");
  later.at += 5s;
  CHECK_FALSE(intake.accept(message("b"), 0ms, {}));
  CHECK_FALSE(intake.accept(later, 0ms, {}));
  CHECK_FALSE(intake.accept(message("x", "other"), 0ms, {}));
  CHECK(spool.acknowledge(1));
  CHECK_FALSE(intake.accept(message("d"), 0ms, {}));  // the gaps took the room
  const auto records = spool.read(0, 9, 9999).value();
  REQUIRE(records.size() == 2);
  const auto gap = nlohmann::json::parse(records[0].event);
  CHECK(gap["type"] == "log.entry");
  CHECK(gap["data"]["conversation_id"] == "c");
  CHECK(gap["data"]["level"] == "error");
  CHECK(gap["data"]["content"] ==
        "2 events are missing here: there was no room to keep them until the server could be reached.");
  CHECK(gap["data"]["metadata"]["gap"] == nlohmann::json{{"from", "2026-01-05T08:00:00.000Z"},
                                                         {"to", "2026-01-05T08:00:05.000Z"},
                                                         {"count", 2}});
  CHECK(nlohmann::json::parse(records[1].event)["data"]["conversation_id"] == "other");
  intake.mark_gaps();
  CHECK(spool.last_appended() == 4);
  CHECK(intake.dropped() == 4);
}

TEST_CASE("log entries weigh least, the ends of a session most") {
  using delivery::weigh;
  using delivery::Weight;
  CHECK(weigh({k_at, model::LogEntry{}}) == Weight::note);
  CHECK(weigh(message("m")) == Weight::ordinary);
  CHECK(weigh({k_at, model::ConversationStarted{}}) == Weight::milestone);
  CHECK(weigh({k_at, model::ConversationCompleted{}}) == Weight::milestone);
  CHECK(weigh({k_at, model::ConversationError{}}) == Weight::milestone);
}
