#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::Batch;
using store::Gap;
using store::Received;
using store::Rejected;
using store::Taken;

namespace {

/// Records `first`, first + 1, … of source "s-1", each with these bodies.
Batch batch(std::uint64_t first, std::vector<model::Body> bodies, std::uint64_t missing = 0) {
  Batch made{"s-1", first, missing, {}, at(1000)};
  for (model::Body& body : bodies) made.events.emplace_back(event(1, std::move(body)));
  return made;
}

base::Result<model::Event> unreadable() {
  return base::failure_at("data", base::ErrorCode::invalid, "data is required", "required");
}

std::string stored_ids(StoreBench& bench) {
  std::string text;
  for (const model::Message& found : bench.messages()) text += found.body.message_id + " ";
  return text;
}

const Rejected k_conflict{
    2, "message_conflict",
    "Message m-1 of conversation c-1 is stored already with other content, role or agent; give a new message "
    "its own id."};

}  // namespace

TEST_CASE("a batch is stored in order and acknowledged up to its last record") {
  StoreBench bench;
  CHECK(bench.take(batch(1, {started(), message("m-1"), message("m-2")})) == Received(Taken{3, 0, 0, {}}));
  CHECK(bench.take(batch(4, {message("m-3")})) == Received(Taken{4, 0, 0, {}}));
  CHECK(stored_ids(bench) == "m-1 m-2 m-3 ");
  CHECK(bench.session().totals.messages == 3);
  CHECK(bench.published().size() == 4);
}

TEST_CASE("a batch that comes again changes nothing, wholly or in part, also after a restart") {
  StoreBench bench;
  REQUIRE(bench.take(batch(1, {message("m-1"), message("m-2")})));
  bench.reopen();
  CHECK(bench.take(batch(1, {message("m-1"), message("m-2")})) == Received(Taken{2, 2, 2, {}}));
  CHECK(bench.take(batch(2, {message("m-2"), message("m-3")})) == Received(Taken{3, 1, 1, {}}));
  CHECK(bench.take(batch(1, {message("m-1")})) == Received(Taken{3, 1, 1, {}}));
  CHECK(stored_ids(bench) == "m-1 m-2 m-3 ");
}

TEST_CASE("a repeated record is known by its number alone, whatever it holds") {
  StoreBench bench;
  REQUIRE(bench.take(batch(1, {message("m-1")})));
  CHECK(bench.take(batch(1, {message("m-other", "other words")})) == Received(Taken{1, 1, 1, {}}));
  CHECK(stored_ids(bench) == "m-1 ");
}

TEST_CASE("an event that is stored from another source is a duplicate") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  CHECK(bench.take(batch(1, {message("m-1"), message("m-2")})) == Received(Taken{2, 0, 1, {}}));
}

TEST_CASE("a hole before the batch is a gap: nothing is stored and the answer names the next record") {
  StoreBench bench;
  CHECK(bench.take(batch(2, {message("m-2")})) == Received(Gap{1}));
  REQUIRE(bench.take(batch(1, {message("m-1")})));
  CHECK(bench.take(batch(5, {message("m-5")})) == Received(Gap{2}));
  CHECK(bench.take(batch(5, {message("m-5")}, 2)) == Received(Gap{2}));
  CHECK(stored_ids(bench) == "m-1 ");
}

TEST_CASE("a hole that the sender declares is noted in its conversation and passed over") {
  StoreBench bench;
  REQUIRE(bench.take(batch(1, {message("m-1")})));
  CHECK(bench.take(batch(5, {message("m-5")}, 3)) == Received(Taken{5, 0, 0, {}}));
  CHECK(stored_ids(bench) == "m-1 m-5 ");
  const auto notes = bench->notes("c-1", 10);
  REQUIRE(notes);
  REQUIRE(notes->size() == 1);
  CHECK(std::get<model::LogEntry>(notes->front().event.body).content ==
        "3 events are missing here: they were lost or refused before this server could store them.");
}

TEST_CASE("declaring more than is missing is no harm: what is there already counts as repeated") {
  StoreBench bench;
  REQUIRE(bench.take(batch(1, {message("m-1"), message("m-2")})));
  CHECK(bench.take(batch(2, {message("m-2"), message("m-3")}, 1)) == Received(Taken{3, 1, 1, {}}));
  CHECK(bench->notes("c-1", 10)->empty());
}

TEST_CASE("a refused record in the middle leaves no trace, stops nothing and is told by number") {
  StoreBench bench;
  REQUIRE(bench.take(batch(1, {message("m-1")})));
  Batch mixed = batch(2, {message("m-1", "other words"), message("m-2")});
  mixed.events.insert(mixed.events.begin() + 1, unreadable());
  const auto taken = bench.take(std::move(mixed));
  CHECK(taken == Received(Taken{4, 0, 0, {k_conflict, {3, "required", "data is required"}}}));
  CHECK(stored_ids(bench) == "m-1 m-2 ");
  CHECK(bench.session().totals.messages == 2);
}

TEST_CASE("refusals are told again until the source goes on behind them") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  const auto poisoned = [] {
    return batch(1, {message("m-0"), message("m-1", "other words"), message("m-2")});
  };
  const Received first = bench.take(poisoned()).value();
  CHECK(first == Received(Taken{3, 0, 0, {k_conflict}}));
  bench.reopen();
  CHECK(bench.take(poisoned()) == Received(Taken{3, 3, 3, {k_conflict}}));
  REQUIRE(bench.take(batch(4, {message("m-3")})));
  CHECK(bench.take(poisoned()) == Received(Taken{4, 3, 3, {}}));
}

TEST_CASE("sources do not know of each other") {
  StoreBench bench;
  REQUIRE(bench.take(batch(1, {message("m-1"), message("m-2")})));
  Batch other = batch(1, {message("m-3")});
  other.source_id = "s-2";
  CHECK(bench.take(std::move(other)) == Received(Taken{1, 0, 0, {}}));
  CHECK(stored_ids(bench) == "m-1 m-2 m-3 ");
}

TEST_CASE("an empty batch asks how far the source has come") {
  StoreBench bench;
  REQUIRE(bench.take(batch(1, {message("m-1"), message("m-2")})));
  CHECK(bench.take(batch(1, {})) == Received(Taken{2, 0, 0, {}}));
  CHECK(bench.take(batch(9, {})) == Received(Gap{3}));
}

TEST_CASE("live-only events move the source on without a place in the log") {
  StoreBench bench;
  model::TurnMarker marker;
  marker.conversation_id = "c-1";
  CHECK(bench.take(batch(1, {model::Body(marker), model::Body(message("m-1"))})) ==
        Received(Taken{2, 0, 0, {}}));
  CHECK(bench.log().size() == 1);
}
