#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

void run_sql(const std::filesystem::path& path, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

base::Error refusal(const std::filesystem::path& path, store::Access access = store::Access::serve) {
  base::SystemClock clock;
  auto opened = store::open_sqlite({.path = path, .clock = clock, .access = access});
  REQUIRE_FALSE(opened.has_value());
  return opened.error();
}

}  // namespace

TEST_CASE("folder and file are the owner's alone") {
  TemporaryDirectory folder;
  base::SystemClock clock;
  const auto path = folder.path() / "data" / "deep" / "web.db";
  REQUIRE(store::open_sqlite({.path = path, .clock = clock}).has_value());
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(path.string() + ".lock") == 0600);
  CHECK(mode_of(path.parent_path()) == 0700);
  CHECK(mode_of(path.parent_path().parent_path()) == 0700);
}

TEST_CASE("everything is there again after a restart") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(2, message("m-1"));
  bench.close();
  CHECK(std::filesystem::file_size(bench.engine().path().string() + "-wal") == 0);
  bench.open();
  CHECK(bench.session().totals.messages == 1);
  CHECK(bench.messages().front().body.content == "Elbe, Oder, Rhine");
}

TEST_CASE("a newer schema is refused with both versions") {
  StoreBench bench;
  bench.close();
  run_sql(bench.engine().path(), "PRAGMA user_version=99");
  const auto error = refusal(bench.engine().path());
  CHECK(error.code == base::ErrorCode::configuration);
  CHECK(error.message == "The database " + bench.engine().path().string() +
                             " has schema version 99, this program knows up to 1; use the newer program.");
}

TEST_CASE("another program's database is refused and left alone") {
  TemporaryDirectory folder;
  const auto path = folder.path() / "other.db";
  run_sql(path, "CREATE TABLE theirs(a); PRAGMA application_id=7");
  const auto error = refusal(path);
  CHECK(error.code == base::ErrorCode::configuration);
  CHECK(error.message ==
        "The file " + path.string() + " is another program's database; give the server a file of its own.");
  run_sql(path, "INSERT INTO theirs VALUES(1)");
}

TEST_CASE("a file that is no database is refused") {
  TemporaryDirectory folder;
  const auto path = folder.path() / "notes.txt";
  std::ofstream(path) << std::string(8192, 'x');
  const auto error = refusal(path);
  CHECK(error.code == base::ErrorCode::configuration);
  CHECK(error.message == "The file " + path.string() + " is no database; give the server a file of its own.");
}

TEST_CASE("a folder that cannot be made is named") {
  TemporaryDirectory folder;
  std::ofstream(folder.path() / "file") << "x";
  const auto error = refusal(folder.path() / "file" / "web.db");
  CHECK(error.code == base::ErrorCode::io);
  CHECK(error.message.find((folder.path() / "file").string()) != std::string::npos);
}

TEST_CASE("a folder in which nothing may be written is named") {
  const auto error = refusal("/proc/web.db");
  CHECK(error.code == base::ErrorCode::io);
  CHECK(error.message.find("/proc/web.db") != std::string::npos);
}

TEST_CASE("two servers do not share a database; a visitor may come in beside one") {
  StoreBench bench;
  const auto error = refusal(bench.engine().path());
  CHECK(error.code == base::ErrorCode::configuration);
  CHECK(error.reason == "database_in_use");
  auto options = bench.engine().options();
  options.access = store::Access::visit;
  auto visitor = store::open_sqlite(options);
  REQUIRE(visitor.has_value());
  store::Key key;
  key.id = "k_1";
  REQUIRE((*visitor)->add_key(key).has_value());
  CHECK(bench->keys()->size() == 1);
  bench.add(1, message("m-1"));
  CHECK((*visitor)->last_number() == 1);
  CHECK((*visitor)->epoch() == bench->epoch());
  (*visitor)->append({}, [](auto result) { CHECK(result.error().code == base::ErrorCode::unavailable); });
}

TEST_CASE("a damaged database is found after an unclean stop") {
  StoreBench bench;
  for (int i = 0; i < 50; ++i) bench.add(i, message("m-" + std::to_string(i), std::string(2000, 'x')));
  bench.close();
  run_sql(bench.engine().path(),
          "UPDATE meta SET value='0' WHERE key='clean'; PRAGMA wal_checkpoint(TRUNCATE)");
  {
    // The second half of the pages: those of the messages.
    std::fstream file(bench.engine().path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(bench.engine().path()) / 2));
    file << std::string(16'384, '\x7f');
  }
  const auto error = refusal(bench.engine().path());
  CHECK(error.code == base::ErrorCode::internal);
  CHECK(error.message.find("damaged") != std::string::npos);
}
