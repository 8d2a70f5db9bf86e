#include "agentpipe/delivery/sender.hpp"

#include <doctest/doctest.h>

#include <latch>

#include "agentpipe/delivery/memory_spool.hpp"
#include "scripted_transport.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::DeliveryCounts;
using delivery::Sender;

namespace {

struct SenderFixture {
  base::SystemClock clock;
  test::ScriptedTransport server;
  delivery::MemorySpool spool{{}};

  SenderFixture() { server.get("/api/health", test::answer(200, R"({"service":"agentpipe-web"})")); }
  void append(int count) {
    for (int i = 0; i < count; ++i) CHECK(spool.append(R"({"type":"x"})"));
  }
};

}  // namespace

TEST_CASE("a sender delivers while events are still coming in, and a drain waits for all of them") {
  SenderFixture f;
  Sender sender(f.spool, f.server, f.clock);
  f.append(500);
  CHECK(sender.drain(base::Deadline::after(f.clock, 1h)));
  CHECK(sender.state().counts == DeliveryCounts{.accepted = 500, .delivered = 500});
  CHECK(f.server.bodies().size() == 500);
}

TEST_CASE("a drain with a refused key comes back at once") {
  SenderFixture f;
  f.server.otherwise(test::answer(401, "{}"));
  Sender sender(f.spool, f.server, f.clock);
  f.append(2);
  CHECK_FALSE(sender.drain(base::Deadline::after(f.clock, 50s)));
  CHECK(sender.state().line == delivery::Line::refused);
  CHECK(sender.state().counts == DeliveryCounts{.accepted = 2, .waiting = 2});
}

TEST_CASE("a drain wakes a sender that waits for its next try") {
  SenderFixture f;
  std::latch failed(1);
  f.server.then([&](const test::SentRequest&) {
    failed.count_down();
    return test::network_fault(delivery::NetworkFault::connect);
  });
  Sender sender(f.spool, f.server, f.clock, [] { return 0.999; });
  f.append(1);
  failed.wait();
  CHECK(sender.drain(base::Deadline::after(f.clock, 1h)));
}

TEST_CASE("the end of a sender does not wait for a server that is away") {
  SenderFixture f;
  f.server.otherwise(test::answer_with_retry_after(503, "3600"));
  {
    Sender sender(f.spool, f.server, f.clock);
    f.append(1);
    CHECK_FALSE(sender.drain(base::Deadline::after(f.clock, 1s)));
  }
  CHECK(f.spool.last_acknowledged() == 0);
}

TEST_CASE("nothing leaves before what has to come first is over") {
  SenderFixture f;
  std::latch looked(1);
  std::size_t sent_before = 99;
  Sender sender(f.spool, f.server, f.clock, delivery::system_random(), {}, [&](const std::stop_token&) {
    looked.wait();
    sent_before = f.server.bodies().size();
  });
  f.append(3);
  looked.count_down();
  CHECK(sender.drain(base::Deadline::after(f.clock, 1h)));
  CHECK(sent_before == 0);
  CHECK(f.server.bodies().size() == 3);
}
