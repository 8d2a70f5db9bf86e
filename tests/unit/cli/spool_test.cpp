#include <doctest/doctest.h>
#include <sys/stat.h>

#include "agentpipe/delivery/spool_folder.hpp"
#include "cli_scene.hpp"

using namespace agentpipe;
using delivery::DiskSpool;

namespace {

constexpr const char* k_server = "http://localhost:3000";

/// The spool of a home folder.
struct SpoolCommandScene : test::CliScene {
  base::SystemClock clock;
  std::unique_ptr<delivery::FileSystem> files = delivery::make_posix_file_system();
  delivery::SpoolFolder folder{*files, clock, home.path() / ".local/state/agentpipe/spool"};

  [[nodiscard]] std::unique_ptr<DiskSpool> source(int letters, int waiting = 0) {
    auto spool = folder.create({.client = "test/1", .destination = k_server}).value();
    for (int i = 0; i < letters + waiting; ++i) REQUIRE(spool->append("{}"));
    for (int i = 1; i <= letters; ++i) {
      REQUIRE(spool->bury({{static_cast<delivery::RecordNumber>(i), "{}"}, "invalid", "no"}));
    }
    return spool;
  }
  /// The name of a source that died, and whose dead letters others may change.
  std::string unreadable_source() {
    const auto spool = source(1, 1);
    const auto found = folder.sources().value().front().folder;
    ::chmod((found / "dead").c_str(), 0620);
    return spool->source_id();
  }
};

}  // namespace

TEST_CASE("a source that cannot be read is listed among the others, and flush says so and fails") {
  SpoolCommandScene s;
  const std::string bad = s.unreadable_source();
  const auto good = s.source(1);
  const auto listed = s.run({"spool", "ls"});
  CHECK(listed.code == 0);
  CHECK(listed.out.find(bad + "  cannot be read: ") != std::string::npos);
  CHECK(listed.out.find(good->source_id() + "  0 waiting, ") != std::string::npos);
  const auto flushed = s.run({"spool", "flush", "--url", k_server});
  CHECK(flushed.code == 1);
  CHECK(flushed.err ==
        "0 delivered to http://localhost:3000; 1 source cannot be read (agentpipe-bridge spool ls shows "
        "why)\n");
  CHECK(s.run({"spool", "rm", bad}).code == 2);
  CHECK(s.run({"spool", "rm", bad, "--yes"}).code == 0);
}

TEST_CASE("dead letters of a source in use are passed over, which is told, and no success for who named it") {
  SpoolCommandScene s;
  const auto in_use = s.source(2);
  s.source(1)->finish();
  const auto replayed = s.run({"spool", "replay-dead"});
  CHECK(replayed.code == 0);
  CHECK(replayed.err ==
        "1 queued again; deliver with agentpipe-bridge spool flush\n"
        "1 source with dead letters passed over: a running process still uses what it has\n");
  CHECK(s.run({"spool", "replay-dead", in_use->source_id()}).code == 1);
}
