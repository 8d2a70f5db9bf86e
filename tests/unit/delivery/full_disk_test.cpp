// What a full disk must not cost: refused events, what is still in memory at the end, the trace of gaps.

#include <nlohmann/json.hpp>

#include "agentpipe/delivery/courier.hpp"
#include "scripted_transport.hpp"
#include "spool_scene.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::Courier;
using delivery::DeliveryCounts;
using delivery::Line;
using delivery::Weight;
using test::answer;
using test::SpoolScene;

namespace {

const delivery::Response k_taken = answer(201, R"({"message_id":"m"})");
const delivery::Response k_not_taken = answer(400, R"({"error":"no","code":"bad","message":"not this"})");

/// Three messages on the disk, which has no room for anything else, and a server of ours.
struct FullDiskScene : SpoolScene {
  test::ScriptedTransport server;
  std::stop_source stop;
  std::vector<Line> lines;
  std::optional<Courier> courier;

  explicit FullDiskScene(const char* capabilities) {
    server.get("/api/health", answer(200, R"({"service":"agentpipe-web","capabilities":[)" +
                                              std::string(capabilities) + "]}"));
    create();
    for (const char* id : {"m1", "m2", "m3"}) {
      CHECK(spool->append(
          nlohmann::json{{"type", "message.created"},
                         {"timestamp", "2026-01-05T08:00:04.000Z"},
                         {"data", {{"conversation_id", "c"}, {"message_id", id}, {"content", "hello"}}}}
              .dump()));
    }
    spool->sync();
    disk.on_write = test::SimulatedDisk::full;
    courier.emplace(
        *spool, server, clock, [] { return 0.5; },
        [this](const delivery::DeliveryState& state) { lines.push_back(state.line); });
  }
  void deliver() { courier->deliver(stop.get_token()); }
};

/// A spool whose disk is full but for its reserve.
struct ReserveScene : SpoolScene {
  ReserveScene() {
    create();
    disk.on_write = disk.on_create = [this]() -> base::Result<void> {
      return disk.exists(folder / "reserve") ? test::SimulatedDisk::full() : base::Result<void>();
    };
  }
};

}  // namespace

TEST_CASE("a refused event for which there is no room stays an event until there is") {
  FullDiskScene s("");
  s.server.then(k_taken).then(k_not_taken);
  s.server.then([&s](const test::SentRequest&) {
    CHECK(s.courier->state().line == Line::retrying);
    CHECK(s.courier->state().trouble == "cannot write: No space left on device");
    CHECK(s.courier->state().counts == DeliveryCounts{.accepted = 3, .delivered = 1, .waiting = 2});
    s.disk.on_write = nullptr;
    return k_not_taken;
  });
  s.deliver();
  CHECK(s.server.bodies().size() == 4);
  CHECK(s.clock.slept == std::vector<base::Milliseconds>{1s});
  CHECK(s.lines == std::vector<Line>{Line::sending, Line::retrying, Line::sending, Line::idle});
  CHECK(s.courier->state().counts == DeliveryCounts{.accepted = 3, .delivered = 2, .rejected = 1});
  CHECK(s.spool->dead_letters() == 1);
}

TEST_CASE("a run that ends meanwhile leaves the refused event and those behind it to the next one") {
  FullDiskScene s("");
  s.server.then(k_taken).then(k_not_taken);
  s.server.then([&s](const test::SentRequest&) {
    s.stop.request_stop();
    return k_not_taken;
  });
  s.deliver();
  CHECK(s.courier->state().counts == DeliveryCounts{.accepted = 3, .delivered = 1, .waiting = 2});
  CHECK_FALSE(s.courier->state().last_letter);
  s.spool->finish();
  s.courier.reset();
  s.disk.on_write = nullptr;
  s.adopt();
  CHECK(s.spool->dead_letters() == 0);
  CHECK(s.rest(1).starts_with("2="));
}

TEST_CASE("of a batch only what lies before such an event is settled") {
  FullDiskScene s(R"("batch")");
  const auto taken = answer(200, R"({"acked_n":3,"rejected":[{"n":3,"code":"b","reason":"y"},)"
                                 R"({"n":2,"code":"a","reason":"x"}]})");
  s.server.then(taken).then([&](const test::SentRequest&) {
    CHECK(s.courier->state().counts == DeliveryCounts{.accepted = 3, .delivered = 1, .waiting = 2});
    s.disk.on_write = nullptr;
    return taken;
  });
  s.deliver();
  CHECK(s.server.bodies().size() == 2);
  CHECK(s.courier->state().counts == DeliveryCounts{.accepted = 3, .delivered = 1, .rejected = 2});
  CHECK(s.courier->state().last_letter->reason == "y");
  CHECK(s.spool->dead_letters() == 2);
}

TEST_CASE("half a dead letter is taken back, and an empty file of them is nothing of use") {
  SpoolScene s;
  s.create();
  s.append({"1"});
  s.disk.on_write = test::SimulatedDisk::full;
  CHECK(s.spool->bury({{1, "1"}, "invalid", "no"}).error().reason == delivery::k_no_space);
  CHECK(s.disk.bytes(s.folder / "dead").empty());
  s.disk.on_write = nullptr;
  CHECK(s.spool->acknowledge(1));
  s.spool->finish();
  CHECK_FALSE(s.disk.exists(s.folder));
}

TEST_CASE("the reserve makes room for a dead letter, and for what says where it was to go") {
  ReserveScene s;
  s.append({"1", "2"});
  CHECK(s.spool->only_in_memory() == 2);
  CHECK(s.spool->bury({{1, "1"}, "invalid", "no"}));
  CHECK_FALSE(s.disk.exists(s.folder / "reserve"));
  CHECK(s.spool->acknowledge(2));
  s.spool->finish();
  auto names = s.disk.names_in(s.folder);
  CHECK(names.front().ends_with(".seg"));
  names.erase(names.begin());
  CHECK(names == std::vector<std::string>{"ack", "dead", "lock"});
}

TEST_CASE("a dead letter says where it was to go also when what is behind it is lost") {
  ReserveScene s;
  s.append({"1", "2"});
  CHECK(s.spool->bury({{1, "1"}, "invalid", "no"}));
  int writes = 0;  // a header fits, the record does not
  s.disk.on_write = [&writes] { return ++writes == 2 ? test::SimulatedDisk::full() : base::Result<void>(); };
  s.spool->finish();
  CHECK(s.spool->only_in_memory() == 1);
  CHECK(s.disk.names_in(s.folder).front().ends_with(".seg"));
  s.adopt();
  CHECK(s.spool->last_acknowledged() == 1);
  CHECK(s.rest().empty());
}

TEST_CASE("what is in memory alone at the end goes into the reserve") {
  ReserveScene s;
  for (int i = 0; i < 20; ++i) CHECK(s.spool->append(std::string(1200, 'x')));
  CHECK(s.spool->only_in_memory() == 20);
  const auto used = s.space.used();
  s.spool->finish();
  CHECK(s.spool->only_in_memory() == 0);
  CHECK(s.spool->trouble().empty());
  CHECK(s.space.used() < used);
  s.adopt();
  CHECK(s.spool->last_appended() == 20);
}

TEST_CASE("of more than the reserve holds, what fits is kept and the rest is counted as lost") {
  SpoolScene s;
  s.create();
  s.disk.on_create = test::SimulatedDisk::full;
  s.append({"a", "b", "c"});
  int room = 0;  // the header and two records, once the reserve is gone
  s.disk.on_create = [&] {
    return s.disk.exists(s.folder / "reserve") ? test::SimulatedDisk::full() : base::Result<void>();
  };
  s.disk.on_write = [&] { return ++room > 3 ? test::SimulatedDisk::full() : base::Result<void>(); };
  s.spool->finish();
  CHECK(s.spool->only_in_memory() == 1);
  CHECK(s.spool->trouble() == "cannot write: No space left on device");
  s.disk.on_write = nullptr;
  s.adopt();
  CHECK(s.rest() == "1=a 2=b ");
}

TEST_CASE("a gap is marked in the reserve at once, unless more waits than that holds") {
  ReserveScene s;
  s.append({"a"});
  CHECK(s.spool->append("the gap", Weight::gap));
  CHECK(s.spool->only_in_memory() == 0);
  s.adopt();
  CHECK(s.rest() == "1=a 2=the gap ");
  ReserveScene large;
  CHECK(large.spool->append(std::string(70'000, 'x')));
  CHECK(large.spool->append("the gap", Weight::gap));
  CHECK(large.disk.exists(large.folder / "reserve"));
}
