#include <sqlite3.h>

#include "condition.hpp"
#include "connection.hpp"
#include "manual_clock.hpp"
#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

base::Error failing(const std::string& reason) {
  return {base::ErrorCode::unavailable, "", "", "", reason};
}

}  // namespace

TEST_CASE("a full disk refuses what comes and passes by itself") {
  StoreBench bench;
  bench.close();
  auto options = bench.engine().options();
  options.min_free_bytes = ~std::uint64_t{0};
  auto opened = store::open_sqlite(options);
  REQUIRE(opened.has_value());
  std::promise<base::Error> answer;
  (*opened)->append({{event(1, message("m-1"))}, at(1), store::Source::cli_stream},
                    [&](auto result) { answer.set_value(result ? base::Error{} : result.error()); });
  const base::Error error = answer.get_future().get();
  CHECK(error.code == base::ErrorCode::unavailable);
  CHECK(error.reason == "disk_full");
  CHECK((*opened)->health().error().reason == "disk_full");
  opened->reset();
  bench.open();
  CHECK(bench->health().has_value());
  CHECK(bench->last_number() == 0);
}

TEST_CASE("a database that may not grow refuses what does not fit and goes on with what does") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  bench.close();
  {
    auto database =
        store::sqlite::open_database(bench.engine().path(), store::sqlite::OpenMode::read_write, {});
    REQUIRE(database.has_value());
    REQUIRE(
        database->execute("PRAGMA max_page_count=1").has_value());  // not kept in the file: this connection's
    REQUIRE(database->execute("BEGIN; CREATE TABLE x(y);").has_value() == false);
    CHECK(store::sqlite::last_error(store::sqlite::handle(*database)).reason == "disk_full");
  }
}

TEST_CASE("another's write lock is waited for and then answered as busy; the store recovers") {
  StoreBench bench;
  bench.close();
  auto options = bench.engine().options();
  options.busy_timeout = base::Milliseconds{1};
  auto opened = store::open_sqlite(options);
  REQUIRE(opened.has_value());
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(bench.engine().path().c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const auto outcome = [&] {
    std::promise<std::string> answer;
    (*opened)->append({{event(1, message("m-1"))}, at(1), store::Source::cli_stream},
                      [&](auto result) { answer.set_value(result ? "stored" : result.error().reason); });
    return answer.get_future().get();
  };
  CHECK(outcome() == "database_busy");
  CHECK((*opened)->health().error().reason == "database_busy");
  sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  CHECK(outcome() == "stored");
  CHECK((*opened)->health().has_value());
}

TEST_CASE("a broken disk stops writing for good, a passing trouble is told for a while") {
  TemporaryDirectory folder;
  ManualClock clock;
  store::sql::Condition condition(clock, {folder.path(), 0});
  condition.failed(failing("database_busy"));
  CHECK(condition.health().error().reason == "database_busy");
  CHECK(condition.accepts().has_value());
  clock.advance(std::chrono::seconds{11});
  CHECK(condition.health().has_value());
  condition.failed(failing(std::string(store::sql::k_broken)));
  condition.succeeded();
  clock.advance(std::chrono::hours{24});
  CHECK(condition.health().error().reason == "store_broken");
  CHECK(condition.accepts().error().reason == "store_broken");
  CHECK(condition.may_write().error().reason == "store_broken");
}
