#include "agentpipe/delivery/intake.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agentpipe/delivery/memory_spool.hpp"
#include "message_event.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using test::k_happened;
using test::message_event;

TEST_CASE("a full spool costs patience once, then new events are dropped until there is room") {
  delivery::MemorySpool spool({.count = 1});
  delivery::Intake intake(spool);
  CHECK(intake.accept(message_event("a"), 1ms, {}));
  CHECK_FALSE(intake.accept(message_event("b"), 1ms, {}));
  CHECK_FALSE(intake.accept(message_event("c"), 1h, {}));
  CHECK(intake.dropped() == 2);
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(intake.accept(message_event("e"), 1h, stop.get_token()));
  CHECK(intake.dropped() == 3);
}

TEST_CASE("what was dropped is told in its place, one gap a conversation") {
  delivery::MemorySpool spool({.count = 1});
  delivery::Intake intake(spool);
  CHECK(intake.accept(message_event("a"), 0ms, {}));
  model::Event later = message_event("c");
  later.at += 5s;
  CHECK_FALSE(intake.accept(message_event("b"), 0ms, {}));
  CHECK_FALSE(intake.accept(later, 0ms, {}));
  CHECK_FALSE(intake.accept(message_event("x", "other"), 0ms, {}));
  CHECK(spool.acknowledge(1));
  CHECK_FALSE(intake.accept(message_event("d"), 0ms, {}));  // the gaps took the room
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

namespace {

/// A spool that takes nothing of more than some bytes.
class Narrow final : public delivery::Spool {
 public:
  using Spool::append;
  base::Result<delivery::RecordNumber> append(std::string_view event, delivery::Weight weight) override {
    if (event.size() > 1000) return base::failure(base::ErrorCode::too_large, "too large for the spool");
    return inner.append(event, weight);
  }
  base::Result<std::vector<delivery::Record>> read(delivery::RecordNumber after, std::size_t count,
                                                   std::size_t bytes) override {
    return inner.read(after, count, bytes);
  }
  base::Result<void> acknowledge(delivery::RecordNumber number) override { return inner.acknowledge(number); }
  base::Result<void> bury(delivery::DeadLetter letter) override { return inner.bury(std::move(letter)); }
  base::Result<void> keep(delivery::DeadLetter letter) override { return inner.keep(std::move(letter)); }
  [[nodiscard]] delivery::RecordNumber last_appended() const override { return inner.last_appended(); }
  [[nodiscard]] delivery::RecordNumber last_acknowledged() const override {
    return inner.last_acknowledged();
  }
  [[nodiscard]] std::uint64_t dead_letters() const override { return inner.dead_letters(); }
  bool wait(delivery::RecordNumber, base::Milliseconds, const std::stop_token&) override { return false; }
  bool wait_for_room(std::size_t, delivery::Weight, base::Milliseconds, const std::stop_token&) override {
    return false;
  }
  [[nodiscard]] std::string source_id() const override { return inner.source_id(); }

  delivery::MemorySpool inner{{}};
};

}  // namespace

TEST_CASE("an event that no spool takes is a dead letter with its beginning, and not lost") {
  Narrow spool;
  delivery::Intake intake(spool);
  model::Event large = message_event("m");
  std::get<model::MessageCreated>(large.body).content = std::string(10'000, 'x');
  CHECK(intake.accept(large, 1h, {}));
  CHECK(intake.accept(message_event("n"), 1h, {}));
  CHECK(intake.too_large() == 1);
  CHECK(intake.dropped() == 0);
  CHECK(spool.last_appended() == 1);
  const auto letters = spool.inner.letters();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].record.number == 0);
  CHECK(letters[0].record.event.empty());
  CHECK(letters[0].code + ", " + letters[0].reason == "unreadable, too large for the spool");
  CHECK(letters[0].begins.size() == 4096);
  CHECK(letters[0].begins.starts_with(R"({"type":"message.created")"));
}

TEST_CASE("of a million beginnings a hundred are kept") {
  delivery::MemorySpool spool({});
  delivery::Intake intake(spool);
  for (int i = 0; i < 1'000'000; ++i) intake.keep("broken", "{");
  CHECK(intake.letters() == delivery::Intake::k_most_letters);
  CHECK(spool.letters().size() == delivery::Intake::k_most_letters);
}

TEST_CASE("log entries weigh least, the ends of a session most") {
  using delivery::weigh;
  using delivery::Weight;
  CHECK(weigh({k_happened, model::LogEntry{}}) == Weight::note);
  CHECK(weigh(message_event("m")) == Weight::ordinary);
  CHECK(weigh({k_happened, model::ConversationStarted{}}) == Weight::milestone);
  CHECK(weigh({k_happened, model::ConversationCompleted{}}) == Weight::milestone);
  CHECK(weigh({k_happened, model::ConversationError{}}) == Weight::milestone);
}
