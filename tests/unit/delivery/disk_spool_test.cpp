#include "agentpipe/delivery/disk_spool.hpp"

#include <future>
#include <thread>

#include "spool_scene.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::DiskSpool;
using delivery::Fsync;
using delivery::Weight;
using test::SpoolScene;

TEST_CASE("records are numbered from 1 and read in order, from memory and from the disk alike") {
  SpoolScene s;
  s.create();
  CHECK(s.rest().empty());
  s.append({"a", "bb"});
  s.spool->sync();
  s.append({"ccc", "d"});
  CHECK(s.rest() == "1=a 2=bb 3=ccc 4=d ");
  CHECK(s.rest(1, 1) == "2=bb 3=ccc 4=d ");
  CHECK(s.spool->read(0, 9, 3)->size() == 2);
  CHECK(s.spool->read(2, 9, 1)->size() == 1);
  CHECK(s.rest(0) == "1=a 2=bb 3=ccc 4=d ");
  CHECK(s.spool->last_appended() == 4);
}

TEST_CASE("the file is what the format says: a header and one line a record") {
  SpoolScene s;
  s.create();
  s.append({R"({"a":1})", R"({"b":2})"});
  const std::string header = delivery::encode_header(
      {s.spool->source_id(), "http://localhost:3000", base::format_rfc3339(s.clock.now()), "test/1", 1});
  CHECK(s.disk.bytes(s.segment(1)) == header + test::line(1, R"({"a":1})") + test::line(2, R"({"b":2})"));
  CHECK(s.disk.names_in(s.folder) == std::vector<std::string>{"00000001.seg", "lock", "reserve"});
}

TEST_CASE("a killed process loses nothing that was accepted") {
  SpoolScene s;
  s.create();
  s.append({"a", "b", "c"});
  CHECK(s.spool->acknowledge(1));
  s.adopt();
  CHECK(s.spool->last_acknowledged() == 1);
  CHECK(s.rest(1) == "2=b 3=c ");
  CHECK_FALSE(s.spool->append("d"));
}

TEST_CASE(
    "full segments are closed, and deleted as a whole once they are acknowledged, by the syncer or an heir") {
  SpoolScene s;
  s.create({.segment_bytes = 300});
  for (int i = 0; i < 6; ++i) s.append({"0123456789012345678901234567890123456789"});
  s.spool->sync();
  CHECK(s.rest().size() == 6 * 43);
  CHECK(s.spool->acknowledge(3));
  CHECK(s.disk.names_in(s.folder) ==
        std::vector<std::string>{"00000001.seg", "00000002.seg", "00000003.seg", "ack", "lock", "reserve"});
  CHECK(s.spool->wait_until_unsynced(std::stop_token()));
  s.spool->sync();
  CHECK(s.disk.names_in(s.folder) ==
        std::vector<std::string>{"00000002.seg", "00000003.seg", "ack", "lock", "reserve"});
  s.adopt();
  CHECK(s.spool->last_acknowledged() == 3);
  CHECK(s.rest(3).size() == 3 * 43);
  CHECK(s.spool->acknowledge(5));
  CHECK(s.disk.names_in(s.folder) == std::vector<std::string>{"00000003.seg", "ack", "lock", "reserve"});
}

TEST_CASE("what was dealt with when its process died is deleted by the heir") {
  SpoolScene s;
  s.create({.segment_bytes = 300});
  for (int i = 0; i < 6; ++i) s.append({"0123456789012345678901234567890123456789"});
  CHECK(s.spool->acknowledge(5));
  s.adopt();
  CHECK(s.spool->last_acknowledged() == 5);
  CHECK(s.rest().size() == 43);
  CHECK(s.spool->acknowledge(6));
  s.spool->finish();
  CHECK_FALSE(s.disk.exists(s.folder));
}

TEST_CASE("who reads does not wait while the next segment comes to the disk") {
  SpoolScene s;
  s.create({.segment_bytes = 300});
  s.append({"0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789"});
  bool answered = false;
  s.disk.on_create = [&]() -> base::Result<void> {
    auto other = std::async(std::launch::async, [&s] { return s.spool->last_appended(); });
    answered = other.wait_for(1min) == std::future_status::ready;
    return {};
  };
  s.append({"c"});
  CHECK(s.disk.exists(s.segment(2)));
  CHECK(answered);
}

TEST_CASE("a dead letter is kept with code and reason and is out of the way, for ever") {
  SpoolScene s;
  s.create();
  s.append({"1", "2", "3"});
  CHECK(s.spool->bury({{2, "2"}, "invalid", "no \"content\""}));
  CHECK_FALSE(s.spool->bury({{2, "2"}, "invalid", "again"}));
  CHECK_FALSE(s.spool->bury({{4, "4"}, "invalid", "unknown"}));
  CHECK(s.rest() == "1=1 3=3 ");
  s.adopt();
  CHECK(s.rest() == "1=1 3=3 ");
  CHECK(s.spool->dead_letters() == 1);
  CHECK(s.spool->acknowledge(1));
  CHECK(s.spool->last_acknowledged() == 2);
  CHECK(s.disk.bytes(s.folder / "dead") ==
        test::line(
            2, R"({"code":"invalid","reason":"no \"content\"","at":"2026-01-05T08:00:00.000Z","event":2})"));
}

TEST_CASE("what never was an event is kept beside the dead letters and takes no number") {
  SpoolScene s;
  s.create();
  CHECK(s.spool->keep({{}, "unreadable", "line 1: not JSON", "{\"a\":\n"}));
  CHECK(s.spool->keep({{}, "unreadable", "line 2: not JSON", "{\"b\":"}));
  s.append({"1", "2"});
  CHECK(s.spool->bury({{1, "1"}, "invalid", "no"}));
  CHECK(s.rest() == "2=2 ");
  CHECK(s.spool->dead_letters() == 3);
  s.adopt();
  CHECK(s.spool->dead_letters() == 3);
  CHECK(s.rest() == "2=2 ");
  CHECK(
      s.disk.bytes(s.folder / "dead")
          .starts_with(test::line(
              0,
              R"({"code":"unreadable","reason":"line 1: not JSON","at":"2026-01-05T08:00:00.000Z","begins":"{\"a\":\n"})")));
}

TEST_CASE("a source that only holds what never was an event says for which server it was") {
  SpoolScene s;
  s.create();
  CHECK(s.spool->keep({{}, "unreadable", "line 1: not JSON", "{"}));
  s.spool->finish();
  CHECK(s.disk.names_in(s.folder) == std::vector<std::string>{"00000001.seg", "dead", "lock"});
  s.adopt();
  CHECK(s.spool->last_appended() == 0);
  s.spool->finish();
  CHECK(s.disk.names_in(s.folder) == std::vector<std::string>{"00000001.seg", "dead", "lock"});
}

TEST_CASE(
    "a spool that is empty at the end leaves nothing, one with dead letters those and where they were to "
    "go") {
  SpoolScene s;
  s.create();
  s.append({"1", "2"});
  CHECK(s.spool->acknowledge(2));
  s.spool->finish();
  CHECK_FALSE(s.disk.exists(s.folder));
  s.create();
  s.append({"1", "2"});
  CHECK(s.spool->bury({{1, "1"}, "x", "y"}));
  CHECK(s.spool->acknowledge(2));
  s.spool->finish();
  CHECK(s.disk.names_in(s.folder) == std::vector<std::string>{"00000001.seg", "ack", "dead", "lock"});
}

TEST_CASE("records of weight reach the disk at once, others with the interval") {
  SpoolScene s;
  s.create();
  s.append({"a"});
  const auto before = s.disk.syncs;
  s.append({"b"});
  CHECK(s.disk.syncs == before);
  CHECK(s.spool->append("end", Weight::milestone));
  CHECK(s.disk.syncs == before + 1);
  s.spool->sync();
  CHECK(s.disk.syncs == before + 1);
}

TEST_CASE("each record is synced, or none") {
  SpoolScene s;
  s.create({.fsync = Fsync::each});
  s.append({"a"});
  const auto before = s.disk.syncs;
  s.append({"b", "c"});
  CHECK(s.disk.syncs == before + 2);
  SpoolScene n;
  n.create({.fsync = Fsync::never});
  n.append({"a", "b"});
  CHECK(n.spool->append("c", Weight::milestone));
  n.spool->sync();
  CHECK(n.disk.syncs == 0);
  CHECK(n.rest() == "1=a 2=b 3=c ");
}

TEST_CASE("after a failed sync the file is left alone and its records are written anew") {
  SpoolScene s;
  s.create();
  s.append({"a"});
  s.spool->sync();
  s.append({"b", "c"});
  bool fail = true;
  s.disk.on_sync = [&fail] {
    return std::exchange(fail, false) ? test::SimulatedDisk::broken() : base::Result<void>();
  };
  s.spool->sync();
  s.spool->sync();
  CHECK(s.spool->only_in_memory() == 0);
  CHECK(s.disk.bytes(s.segment(2)).ends_with(test::line(2, "b") + test::line(3, "c")));
  std::mt19937 random(1);
  s.spool.reset();
  s.disk.cut_power(random);
  s.adopt();
  CHECK(s.rest() == "1=a 2=b 3=c ");
  CHECK(s.spool->damage() == delivery::SpoolDamage{});
}

TEST_CASE("while the disk is full memory takes the events, and the disk again as soon as it can") {
  SpoolScene s;
  s.create();
  s.append({"a"});
  s.disk.on_write = test::SimulatedDisk::full;
  s.disk.on_create = test::SimulatedDisk::full;
  s.append({"b", "c"});
  CHECK(s.spool->only_in_memory() == 2);  // "a" was brought to the disk when "b" did not fit
  CHECK(s.spool->trouble() == "cannot write: No space left on device");
  CHECK(s.rest() == "1=a 2=b 3=c ");
  CHECK(s.spool->acknowledge(1));
  s.disk.on_write = s.disk.on_create = nullptr;
  s.spool->sync();  // tried a moment ago
  CHECK(s.spool->only_in_memory() == 2);
  s.clock.advance(1s);
  s.spool->sync();
  CHECK(s.spool->only_in_memory() == 0);
  CHECK(s.spool->trouble().empty());
  s.adopt();
  CHECK(s.rest(1) == "2=b 3=c ");
}

TEST_CASE("memory is bounded: log entries are refused first, and the reason is the disk's") {
  SpoolScene s;
  s.disk.on_create = [&] { return s.spool ? test::SimulatedDisk::full() : base::Result<void>(); };
  s.create({.memory_bytes = 100});
  CHECK(s.spool->append(std::string(80, 'x')));
  const auto refused = s.spool->append("note", Weight::note);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::ErrorCode::unavailable);
  CHECK(refused.error().message == "The spool takes no more: cannot write: No space left on device.");
  CHECK(s.spool->append("ordinary"));
  CHECK_FALSE(s.spool->append(std::string(20, 'x')));
  CHECK(s.spool->append("the gap", Weight::gap));
  CHECK_FALSE(s.spool->wait_for_room(20, Weight::ordinary, 0ms, {}));
  CHECK(s.spool->acknowledge(1));
  CHECK(s.spool->wait_for_room(20, Weight::ordinary, 0ms, {}));
}

TEST_CASE("the cap counts all destinations, keeps the end for gaps, and frees itself by deliveries") {
  SpoolScene s;
  CHECK(s.disk.make_folder(s.root / "elsewhere" / "x"));
  s.disk.put(s.root / "elsewhere" / "x" / "00000001.seg", std::string(600'000, 'x'));
  delivery::SpoolSpace space(s.disk, s.clock, s.root, 1'000'000);
  auto made = DiskSpool::create(s.disk, s.clock, space, s.folder, {.segment_bytes = 100'000});
  REQUIRE(made);
  s.spool = std::move(*made);
  const std::string big(100'000, 'y');
  CHECK(s.spool->append(big));
  CHECK(s.spool->append(big));
  CHECK_FALSE(s.spool->append(big, Weight::note));
  const auto refused = s.spool->append(big);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "The spool is full (865.9 kB of 1.0 MB).");
  CHECK(s.spool->append(std::string(60'000, 'z'), Weight::gap));
  CHECK(s.spool->acknowledge(2));
  CHECK(s.spool->append(big));
}

TEST_CASE("an event beyond the longest line is refused for good") {
  SpoolScene s;
  s.create();
  const auto refused = s.spool->append(std::string(delivery::k_max_spool_line, 'x'));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::ErrorCode::too_large);
}

TEST_CASE("one process has a source; a second one is refused, and a free one can be taken") {
  SpoolScene s;
  s.create();
  const auto second = DiskSpool::adopt(s.disk, s.clock, s.space, s.folder);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == base::ErrorCode::conflict);
  s.adopt();
}

TEST_CASE("a syncer ends when it is told to, also while the disk takes nothing") {
  SpoolScene s;
  s.create();
  s.disk.on_write = test::SimulatedDisk::full;
  s.disk.on_create = test::SimulatedDisk::full;
  s.append({"a", "b"});
  base::SystemClock real;
  std::optional<delivery::SpoolSyncer> syncer(std::in_place, *s.spool, real);
  syncer.reset();
  s.spool->finish();
  CHECK(s.spool->only_in_memory() == 2);
  s.disk.on_write = s.disk.on_create = nullptr;
  s.spool->finish();  // the disk is asked once more, however lately it refused
  CHECK(s.spool->only_in_memory() == 0);
  s.adopt();
  CHECK(s.rest() == "1=a 2=b ");
}

TEST_CASE("reader, writer and syncer may work at the same time") {
  SpoolScene s;
  s.create({.segment_bytes = 2000});
  base::SystemClock real;
  constexpr unsigned k_events = 3000;
  delivery::SpoolSyncer syncer(*s.spool, real);
  std::jthread writer([&] {
    for (unsigned i = 1; i <= k_events; ++i) CHECK(s.spool->append(std::to_string(i)));
  });
  std::uint64_t done = 0;
  while (done < k_events) {
    REQUIRE(s.spool->wait(done, 1h, {}));
    const auto records = s.spool->read(done, 7, 1000).value();
    for (const auto& record : records) {
      CHECK(record.event == std::to_string(record.number));
      CHECK(record.number == ++done);
    }
    if (done % 3 == 0) CHECK(s.spool->acknowledge(done));
  }
  CHECK(s.spool->acknowledge(done));
  writer.join();
  s.spool->finish();
  CHECK_FALSE(s.disk.exists(s.folder));
}
