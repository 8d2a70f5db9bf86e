#include "agentpipe/delivery/intake.hpp"

#include <doctest/doctest.h>

#include "agentpipe/delivery/memory_spool.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;

TEST_CASE("a full spool costs patience once, then new events are dropped until there is room") {
  delivery::MemorySpool spool({.count = 1});
  delivery::Intake intake(spool);
  CHECK(intake.accept("a", 1ms, {}));
  CHECK_FALSE(intake.accept("b", 1ms, {}));
  CHECK_FALSE(intake.accept("c", 1h, {}));
  CHECK(intake.dropped() == 2);
  CHECK(spool.acknowledge(1));
  CHECK(intake.accept("d", 1h, {}));
  CHECK(spool.read(0, 9, 99)->front().event == "d");
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(intake.accept("e", 1h, stop.get_token()));
  CHECK(intake.dropped() == 3);
}
