#include "agentpipe/delivery/salvage.hpp"

#include <doctest/doctest.h>

#include <future>

#include "manual_clock.hpp"
#include "scripted_transport.hpp"
#include "simulated_disk.hpp"

using namespace agentpipe;
using delivery::Salvage;
using delivery::SourceSummary;

namespace {

constexpr const char* k_url = "http://localhost:3000";

/// What dead processes left on a simulated disk.
struct SalvageScene {
  test::SimulatedDisk disk;
  test::ManualClock clock;
  delivery::SpoolFolder folder{disk, clock, "/state/spool"};

  /// Returns the source's name.
  std::string leave(std::initializer_list<const char*> events, const std::string& url = k_url) {
    auto spool = folder.create({.client = "test/1", .destination = url}).value();
    for (const char* event : events) REQUIRE(spool->append(event));
    spool->sync();
    std::string name = spool->source_id();
    clock.advance(base::Milliseconds{1000});
    return name;
  }
};

}  // namespace

TEST_CASE("sources without an owner are found oldest first, for one server, and only while something waits") {
  SalvageScene s;
  const auto first = s.leave({"{\"n\":1}"});
  const auto second = s.leave({"{\"n\":2}", "{\"n\":3}"});
  s.leave({"{\"n\":4}"}, "http://other:3000");
  auto alive = s.folder.create({.client = "test/1", .destination = k_url}).value();
  REQUIRE(alive->append("{}"));
  const auto found = s.folder.orphans(k_url).value();
  REQUIRE(found.size() == 2);
  CHECK(found[0].source == first);
  CHECK(found[1].source == second);
  CHECK(found[1].waiting == 2);
  CHECK(s.folder.sources().value().size() == 4);
  CHECK(s.folder.adopt(found[0]));
  const auto again = s.folder.adopt(found[1]).value();
  CHECK(s.folder.adopt(found[1]).error().code == base::ErrorCode::conflict);
  REQUIRE(again->acknowledge(2));
  again->finish();
  CHECK(s.folder.orphans(k_url).value().size() == 1);
}

TEST_CASE("the journal is what was written last, and empty before") {
  SalvageScene s;
  CHECK(s.folder.journal(k_url).last_delivery.empty());
  s.folder.write_journal({k_url, "2026-01-05T08:00:04.000Z", "no answer", "2026-01-05T08:00:05.000Z"});
  const auto journal = s.folder.journal(k_url);
  CHECK(journal.url == k_url);
  CHECK(journal.last_delivery == "2026-01-05T08:00:04.000Z");
  CHECK(journal.last_trouble == "no answer");
  CHECK(journal.last_trouble_at == "2026-01-05T08:00:05.000Z");
  CHECK(s.folder.journal("http://other:3000").last_trouble.empty());
}

TEST_CASE("a journal for which there is no room leaves nothing behind") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  const auto folder = s.folder.sources().value().front().folder.parent_path();
  const auto before = s.disk.names_in(folder);
  s.disk.on_write = test::SimulatedDisk::full;
  s.folder.write_journal({k_url, "", "no answer", "2026-01-05T08:00:05.000Z"});
  CHECK(s.disk.names_in(folder) == before);
}

TEST_CASE("dead letters are told in order, and forgetting or removing needs the source to be free") {
  SalvageScene s;
  {
    auto spool = s.folder.create({.client = "test/1", .destination = k_url}).value();
    REQUIRE(spool->append("{\"n\":1}"));
    REQUIRE(spool->append("{\"n\":2}"));
    REQUIRE(spool->bury({{1, "{\"n\":1}"}, "invalid", "no"}));
    REQUIRE(spool->bury({{2, "{\"n\":2}"}, "gone", "deleted"}));
    const auto held = s.folder.sources().value().front();
    CHECK(s.folder.forget_letters(held).error().code == base::ErrorCode::conflict);
    CHECK(s.folder.remove(held).error().code == base::ErrorCode::conflict);
    spool->finish();
  }
  const SourceSummary source = s.folder.sources().value().front();
  CHECK(source.dead_letters == 2);
  CHECK(source.waiting == 0);
  CHECK(source.destination == k_url);  // who replays them must know where to
  std::string told;
  REQUIRE(s.folder.each_letter(source, [&told](const delivery::DeadLetter& letter) {
    told += letter.code + ":" + letter.reason + ":" + letter.record.event + " ";
  }));
  CHECK(told == "invalid:no:{\"n\":1} gone:deleted:{\"n\":2} ");
  REQUIRE(s.folder.forget_letters(source));
  CHECK(s.folder.sources().value().empty());
  s.leave({"{\"n\":3}"});
  REQUIRE(s.folder.remove(s.folder.sources().value().front()));
  CHECK(s.folder.sources().value().empty());
}

TEST_CASE("forgetting letters leaves what never was an event, and where it was to go") {
  SalvageScene s;
  {
    auto spool = s.folder.create({.client = "test/1", .destination = k_url}).value();
    REQUIRE(spool->append("{\"n\":1}"));
    REQUIRE(spool->keep({{}, "unreadable", "line 1: not JSON", "{"}));
    REQUIRE(spool->bury({{1, "{\"n\":1}"}, "invalid", "no"}));
    REQUIRE(spool->keep({{}, "unreadable", "line 3: not JSON", "[caf\xC3\xA9"}));
    spool->finish();
  }
  const SourceSummary source = s.folder.sources().value().front();
  CHECK(source.dead_letters == 3);
  REQUIRE(s.folder.forget_letters(source));
  const SourceSummary rest = s.folder.sources().value().front();
  CHECK(rest.dead_letters == 2);
  CHECK(rest.destination == k_url);
  std::string told;
  REQUIRE(s.folder.each_letter(rest, [&told](const delivery::DeadLetter& letter) {
    told += letter.reason + ":" + letter.begins + ":" + letter.record.event + " ";
  }));
  CHECK(told == "line 1: not JSON:{: line 3: not JSON:[caf\xC3\xA9: ");
}

namespace {

/// Many connections to one scripted server.
class Connection final : public delivery::Transport {
 public:
  explicit Connection(test::ScriptedTransport& server) : server_(server) {}
  delivery::Response send(const delivery::Request& request, const std::stop_token& stop) override {
    return server_.send(request, stop);
  }

 private:
  test::ScriptedTransport& server_;
};

}  // namespace

TEST_CASE("what dead processes left goes out oldest first, each in order, and then nothing is left") {
  SalvageScene s;
  s.leave({"{\"n\":1}", "{\"n\":2}"});
  s.leave({"{\"n\":3}"});
  test::ScriptedTransport server;
  base::SystemClock clock;
  Salvage salvage(
      s.folder, k_url, [&server] { return std::make_unique<Connection>(server); }, clock);
  CHECK(salvage.wait(base::Deadline::never(), {}));
  CHECK(server.bodies() == std::vector<std::string>{"{\"n\":1}", "{\"n\":2}", "{\"n\":3}"});
  const auto counts = salvage.counts();
  CHECK(counts.sources == 2);
  CHECK(counts.delivered == 3);
  CHECK(counts.waiting == 0);
  CHECK(s.folder.sources().value().empty());
}

TEST_CASE("a source that somebody else took meanwhile is not overtaken by a later one") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  s.leave({"{\"n\":2}"});
  test::ScriptedTransport server;
  base::SystemClock clock;
  std::unique_ptr<delivery::DiskSpool> other;
  std::promise<void> taken;
  const auto connect = [&] {  // once both are found, before the first is adopted
    other = s.folder.adopt(s.folder.orphans(k_url).value().front()).value();
    taken.set_value();
    return std::make_unique<Connection>(server);
  };
  Salvage salvage(s.folder, k_url, connect, clock);
  taken.get_future().wait();
  CHECK_FALSE(salvage.wait(base::Deadline::after(clock, base::Milliseconds{250}), {}));
  CHECK(server.bodies().empty());
  other.reset();  // it died
  CHECK(salvage.wait(base::Deadline::never(), {}));
  CHECK(server.bodies() == std::vector<std::string>{"{\"n\":1}", "{\"n\":2}"});
}

TEST_CASE("a refused key keeps everything where it is, and is told with its reason") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  test::ScriptedTransport server;
  server.otherwise(test::answer(401, R"({"error":"unknown key"})"));
  base::SystemClock clock;
  std::promise<void> told;
  {
    Salvage salvage(
        s.folder, k_url, [&server] { return std::make_unique<Connection>(server); }, clock,
        [&told](const delivery::DeliveryState& state) {
          if (state.line == delivery::Line::refused) told.set_value();
        });
    told.get_future().wait();
    CHECK_FALSE(salvage.wait(base::Deadline::after(clock, base::Milliseconds{1}), {}));
    CHECK(salvage.line() == delivery::Line::refused);
    CHECK(salvage.trouble() == "the server answered 401 (unknown key)");
    CHECK(salvage.counts().waiting == 1);
  }
  CHECK(s.folder.orphans(k_url).value().size() == 1);
}

TEST_CASE("who waits for others goes on when the last heir is done, or takes over from one that died") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  auto heir = s.folder.adopt(s.folder.orphans(k_url).value().front()).value();
  CHECK(s.folder.others_deliver(k_url));
  CHECK_FALSE(s.folder.others_deliver("http://other:3000"));
  test::ScriptedTransport server;
  base::SystemClock clock;
  Salvage salvage(
      s.folder, k_url, [&server] { return std::make_unique<Connection>(server); }, clock, {},
      Salvage::Others::wait_for);
  CHECK_FALSE(salvage.wait(base::Deadline::after(clock, base::Milliseconds{1}), {}));
  heir.reset();
  CHECK(salvage.wait(base::Deadline::never(), {}));
  CHECK(server.bodies() == std::vector<std::string>{"{\"n\":1}"});
  CHECK_FALSE(s.folder.others_deliver(k_url));
}

TEST_CASE("a source that cannot be read is told and holds up neither the list nor the others") {
  SalvageScene s;
  const auto bad = s.leave({"{\"n\":1}"});
  s.leave({"{\"n\":2}"});
  const auto folder = s.folder.orphans(k_url).value().front().folder;
  s.disk.refuse(folder / "dead");
  const auto all = s.folder.sources().value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].source == bad);
  CHECK(all[0].trouble == (folder / "dead").string() + " may be changed by other users");
  CHECK(all[1].trouble.empty());
  test::ScriptedTransport server;
  base::SystemClock clock;
  Salvage salvage(
      s.folder, k_url, [&server] { return std::make_unique<Connection>(server); }, clock);
  CHECK(salvage.wait(base::Deadline::never(), {}));
  CHECK(server.bodies() == std::vector<std::string>{"{\"n\":2}"});
  CHECK(salvage.counts().unreadable == 1);
  CHECK(salvage.counts().sources == 1);
}

TEST_CASE("a source that cannot be taken over is passed over as well") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  s.leave({"{\"n\":2}"});
  test::ScriptedTransport server;
  base::SystemClock clock;
  const auto connect = [&] {  // once both are found, before the first is adopted
    s.disk.refuse(s.folder.orphans(k_url).value().front().folder / "dead");
    return std::make_unique<Connection>(server);
  };
  Salvage salvage(s.folder, k_url, connect, clock);
  CHECK(salvage.wait(base::Deadline::never(), {}));
  CHECK(server.bodies() == std::vector<std::string>{"{\"n\":2}"});
  CHECK(salvage.counts().unreadable == 1);
}

namespace {

/// Nobody waits in it.
class HastyClock final : public base::Clock {
 public:
  [[nodiscard]] base::Timestamp now() const override { return real_.now(); }
  [[nodiscard]] base::Ticks ticks() const override { return real_.ticks(); }
  bool sleep(base::Milliseconds, const std::stop_token& stop) override { return !stop.stop_requested(); }

 private:
  base::SystemClock real_;
};

}  // namespace

TEST_CASE("a source that fails while it is delivered is tried again, then the next one has its turn") {
  SalvageScene s;
  const auto bad = s.leave({"{\"n\":1}"});
  s.leave({"{\"n\":2}"});
  int opened = 0;
  s.disk.on_open = [&](const std::filesystem::path& path) {
    const bool is_bad = path.parent_path().filename() == bad && path.extension() == ".seg";
    // Found, and taken over, with two looks each.
    if (is_bad && ++opened == 5) s.disk.refuse(path);
  };
  test::ScriptedTransport server;
  HastyClock clock;
  Salvage salvage(
      s.folder, k_url, [&server] { return std::make_unique<Connection>(server); }, clock);
  CHECK_FALSE(salvage.wait(base::Deadline::never(), {}));
  CHECK(opened == 7);
  CHECK(server.bodies() == std::vector<std::string>{"{\"n\":2}"});
  CHECK(salvage.counts().unreadable == 1);
  CHECK(salvage.counts().waiting == 1);
}

TEST_CASE("a source whose end vanishes while it is looked at is gone, one that goes on is looked at again") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  const auto ending = s.folder.sources().value().front();
  int opened = 0;
  s.disk.on_open = [&](const std::filesystem::path& path) {
    // Seen in the folder, gone before it is opened: the first time to be recognised, later to be read.
    if (path.extension() == ".seg" && ++opened == 2) REQUIRE(s.folder.remove(ending));
  };
  CHECK(s.folder.sources().value().empty());
  s.disk.on_open = nullptr;

  auto spool = s.folder.create({.client = "test/1", .destination = k_url, .segment_bytes = 1}).value();
  REQUIRE(spool->append("{\"n\":1}"));
  REQUIRE(spool->append("{\"n\":2}"));
  const auto live = s.folder.sources().value().front();
  s.disk.on_open = [&](const std::filesystem::path& path) {
    if (path.filename() != "00000001.seg") return;
    s.disk.on_open = nullptr;
    REQUIRE(spool->acknowledge(1));
    spool->sync();
  };
  const auto seen = s.folder.sources().value();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].damage == delivery::SpoolDamage{});
  CHECK(seen[0].waiting == 1);
}

TEST_CASE("what is acknowledged while a source is looked at does not make the rest look undelivered") {
  SalvageScene s;
  auto spool = s.folder.create({.client = "test/1", .destination = k_url}).value();
  for (int i = 0; i < 3; ++i) REQUIRE(spool->append("{}"));
  REQUIRE(spool->acknowledge(3));
  s.disk.on_open = [&](const std::filesystem::path& path) {
    if (path.filename() != "dead") return;
    s.disk.on_open = nullptr;
    REQUIRE(spool->append("{}"));
    REQUIRE(spool->acknowledge(4));
  };
  CHECK(s.folder.sources().value().front().waiting == 0);
}

TEST_CASE("who looks at a source does not keep it from others") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  const auto source = s.folder.sources().value().front();
  auto looking = s.disk.open(source.folder / "lock", delivery::FileSystem::Open::read).value();
  REQUIRE(looking->lock(delivery::File::Hold::shared));
  CHECK(s.folder.sources().value().front().owner == SourceSummary::Owner::none);
  CHECK(s.folder.adopt(source).error().code == base::ErrorCode::conflict);
  CHECK_FALSE(s.clock.slept.empty());  // it was tried again for a moment
  looking.reset();
  CHECK(s.folder.adopt(source));
}

TEST_CASE("what an attempt to delete a source left has no lock and can be deleted") {
  SalvageScene s;
  s.leave({"{\"n\":1}"});
  const auto source = s.folder.sources().value().front();
  REQUIRE(s.disk.remove(source.folder / "lock"));
  REQUIRE(s.folder.remove(source));
  CHECK(s.folder.sources().value().empty());
}

TEST_CASE("a wait for a server that has asked for more time than there is ends at once") {
  for (const auto& no :
       {test::answer(401, R"({"error":"unknown key"})"), test::answer_with_retry_after(503, "1200")}) {
    SalvageScene s;
    s.leave({"{\"n\":1}"});
    test::ScriptedTransport server;
    server.otherwise(no);
    base::SystemClock clock;
    Salvage salvage(
        s.folder, k_url, [&server] { return std::make_unique<Connection>(server); }, clock);
    const auto before = clock.ticks();
    CHECK_FALSE(salvage.wait(base::Deadline::after(clock, base::Milliseconds{50'000}), {}));
    CHECK(clock.ticks() - before < base::Milliseconds{40'000});
    CHECK(salvage.counts().waiting == 1);
    CHECK(salvage.trouble().starts_with("the server answered " + std::to_string(no.status)));
  }
}
