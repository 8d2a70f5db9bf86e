#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

std::string state(StoreBench& bench, const std::string& id = "c-1") {
  const auto session = bench.session(id);
  return std::string(to_string(session.status)) + (session.status_inferred ? " inferred" : "");
}

std::size_t silent_since(StoreBench& bench, int heard_since, int now) {
  const auto count = bench->interrupt_silent(at(heard_since), at(now), 100);
  REQUIRE_MESSAGE(count.has_value(), why(count));
  return *count;
}

/// What watchers were told about statuses.
std::string told(StoreBench& bench) {
  std::string text;
  for (const auto& logged : bench.published()) {
    const auto* updated = std::get_if<model::ConversationUpdated>(&logged->event.body);
    if (updated == nullptr) continue;
    text += std::to_string(logged->number) + " " + updated->conversation_id + " " +
            updated->status.value_or("-") + " " + updated->extra.text + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a session that says nothing for long is presumed interrupted until its next event") {
  StoreBench bench;
  bench.add(1, started(), 100);
  bench.add(1, started("c-2"), 900);
  CHECK(silent_since(bench, 800, 1000) == 1);
  CHECK(state(bench) == "INTERRUPTED inferred");
  CHECK(state(bench, "c-2") == "ACTIVE");
  CHECK(silent_since(bench, 800, 1001) == 0);
  bench.add(2, message("m-1"), 1100);
  CHECK(state(bench) == "ACTIVE");
  CHECK(told(bench) == "3 c-1 INTERRUPTED {\"inferred\":true}\n5 c-1 ACTIVE {\"inferred\":true}\n");
  CHECK(bench.log({.session_id = "c-1"}).size() == 4);
}

TEST_CASE("silence is remembered over a restart, and who said how it ended is believed") {
  StoreBench bench;
  bench.add(1, started(), 100);
  bench.add(1, started("c-2"), 100);
  CHECK(silent_since(bench, 800, 1000) == 2);
  bench.reopen();
  CHECK(state(bench) == "INTERRUPTED inferred");
  bench.add(2, completed(), 1100);
  CHECK(state(bench) == "COMPLETED");
  bench.add(2, message("m-1"), 1200);
  CHECK(state(bench) == "COMPLETED");
  CHECK(silent_since(bench, 9000, 9001) == 0);
}

TEST_CASE("a repeated event and a new name are no signs of life") {
  StoreBench bench;
  bench.add(1, started(), 100);
  bench.add(2, message("m-1"), 100);
  CHECK(silent_since(bench, 800, 1000) == 1);
  CHECK(bench.add(2, message("m-1"), 1100).outcome == store::Outcome::duplicate);
  model::ConversationUpdated renamed;
  renamed.conversation_id = "c-1";
  renamed.name = "Rivers";
  bench.add(3, renamed, 1200);
  CHECK(state(bench) == "INTERRUPTED inferred");
  model::LogEntry note;
  note.conversation_id = "c-1";
  note.level = "system";
  bench.add(4, note, 1300);
  CHECK(state(bench) == "ACTIVE");
}
