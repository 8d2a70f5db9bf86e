#include "agentpipe/store/sqlite/maintenance.hpp"

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

std::filesystem::path beside(const StoreBench& bench, const char* name) {
  return bench.engine().path().parent_path() / name;
}

void fill(StoreBench& bench, int messages) {
  bench.add(1, started());
  for (int i = 0; i < messages; ++i)
    bench.add(2 + i, message("m-" + std::to_string(i), std::string(2000, 'x')));
}

/// Of the database's file, as anyone may read them.
std::string bytes(const StoreBench& bench) {
  std::ifstream file(bench.engine().path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool finds(StoreBench& bench, const std::string& term) {
  store::SearchQuery query;
  query.text.terms = {term};
  const auto page = bench->search(query);
  REQUIRE_MESSAGE(page.has_value(), why(page));
  return !page->results.empty();
}

}  // namespace

TEST_CASE("a backup of a running server's database is whole, private and never overwrites") {
  StoreBench bench;
  fill(bench, 3);
  const auto copy = beside(bench, "copy.db");
  REQUIRE(store::backup_sqlite(bench.engine().path(), copy).has_value());
  struct stat status {};
  REQUIRE(::stat(copy.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto report = store::check_sqlite(copy);
  REQUIRE_MESSAGE(report.has_value(), why(report));
  CHECK(report->findings.empty());
  CHECK(report->sessions == 1);
  CHECK(report->messages == 3);
  CHECK(store::backup_sqlite(bench.engine().path(), copy).error().message ==
        "Cannot make the file " + copy.string() + ": File exists.");
}

TEST_CASE("a restored database has what the backup had, another epoch, and the one before is kept aside") {
  StoreBench bench;
  fill(bench, 3);
  const std::string epoch = bench->epoch();
  const auto copy = beside(bench, "copy.db");
  REQUIRE(store::backup_sqlite(bench.engine().path(), copy).has_value());
  bench.add(100, message("later"));
  CHECK(store::restore_sqlite(copy, bench.engine().path(), store::Present::keep_aside).error().reason ==
        "database_in_use");
  bench.close();
  CHECK(store::restore_sqlite(copy, bench.engine().path(), store::Present::refuse).error().code ==
        base::ErrorCode::conflict);
  const auto aside = store::restore_sqlite(copy, bench.engine().path(), store::Present::keep_aside);
  REQUIRE_MESSAGE(aside.has_value(), why(aside));
  CHECK(*aside == bench.engine().path().string() + ".before-restore-1");
  CHECK(store::check_sqlite(*aside)->messages == 4);
  bench.open();
  CHECK(bench.session().totals.messages == 3);
  CHECK(bench->epoch() != epoch);
}

TEST_CASE("what is damaged, foreign or not there is not restored, and nothing is changed by the attempt") {
  StoreBench bench;
  fill(bench, 50);
  bench.close();
  const auto copy = beside(bench, "copy.db");
  REQUIRE(store::backup_sqlite(bench.engine().path(), copy).has_value());
  {
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 4096);
    file << std::string(2 * 4096, 'Z');
  }
  const auto report = store::check_sqlite(copy);
  CHECK((!report.has_value() || !report->findings.empty()));
  CHECK(store::restore_sqlite(copy, bench.engine().path(), store::Present::keep_aside).error().code ==
        base::ErrorCode::io);
  std::ofstream(beside(bench, "text")) << "no database at all, but long enough to be looked at as one";
  CHECK_FALSE(store::restore_sqlite(beside(bench, "text"), bench.engine().path(), store::Present::keep_aside)
                  .has_value());
  CHECK(store::restore_sqlite(beside(bench, "none"), bench.engine().path(), store::Present::keep_aside)
            .error()
            .message == "There is no database " + beside(bench, "none").string() + ".");
  CHECK(store::check_sqlite(bench.engine().path())->messages == 50);
  bench.open();
}

TEST_CASE("vacuum gives back what deletions left, but not beside a server") {
  StoreBench bench;
  fill(bench, 200);
  CHECK(store::vacuum_sqlite(bench.engine().path()).error().reason == "database_in_use");
  bench.add(1000, model::ConversationDeleted{"c-1", {}});
  bench.close();
  CHECK(store::check_sqlite(bench.engine().path())->unused_bytes > 200'000);
  const auto sizes = store::vacuum_sqlite(bench.engine().path());
  REQUIRE_MESSAGE(sizes.has_value(), why(sizes));
  CHECK(sizes->after + 200'000 < sizes->before);
  CHECK(store::check_sqlite(bench.engine().path())->unused_bytes == 0);
  bench.open();
  CHECK(bench->session("c-1").error().code == base::ErrorCode::not_found);
}

TEST_CASE("after a vacuum the file holds no word of a deleted conversation, and finds those of the others") {
  StoreBench bench;
  auto secret = message("m-1", "the key is xyzzysecret9");
  secret.conversation_id = "gone";
  bench.add(1, secret);
  bench.add(2, message("fox", "the quick fox jumps over ÄPFEL and 東京都"));
  bench.close();
  bench.engine().index_all();
  bench.open();
  bench.add(3, model::ConversationDeleted{"gone", {}});
  bench.close();
  const auto sizes = store::vacuum_sqlite(bench.engine().path());
  REQUIRE_MESSAGE(sizes.has_value(), why(sizes));
  for (const std::string left : {"xyzzysecret9", "xyz", "zysecret"}) {
    CAPTURE(left);
    CHECK(bytes(bench).find(left) == std::string::npos);
  }
  auto database = bench.engine().connection();
  CHECK(database.number("SELECT count(*) FROM search_words WHERE word IN ('the','quick','jumps')").value() ==
        3);
  bench.open();
  fill(bench, 1001);  // more than the texts that a search reads before it asks the index
  bench.close();
  bench.engine().index_all();
  bench.open();
  for (const char* term : {"fox", "quick fox", "umps ov", "uic", "äpfel", "京都"})
    CHECK_MESSAGE(finds(bench, term), term);
  CHECK_FALSE(finds(bench, "xyzzysecret9"));
}
