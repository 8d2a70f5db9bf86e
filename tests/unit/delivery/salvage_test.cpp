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
