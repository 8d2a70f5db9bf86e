#include <thread>

#include "connection.hpp"
#include "index_cleaner.hpp"
#include "search_plan.hpp"
#include "search_text.hpp"
#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

/// A database with "a fox" and "two bears" in its log, and nothing in its index.
class UnindexedLog {
 public:
  UnindexedLog() : database_(written()) {
    REQUIRE(database_
                .execute("INSERT INTO search_index(search_index) VALUES('delete-all');"
                         "UPDATE search_state SET reached=0; DELETE FROM search_words")
                .has_value());
  }

  store::sql::Database& database() { return database_; }
  std::int64_t number(const std::string& query) { return database_.number(query).value(); }
  std::int64_t hits(const std::string& word) {
    return number("SELECT count(*) FROM search_index WHERE search_index MATCH '" + word + "'");
  }

 private:
  store::sql::Database written() {
    bench_.add(10, message("m-1", "a fox"));
    bench_.add(20, message("m-2", "two bears"));
    bench_.close();
    return bench_.engine().connection();
  }

  StoreBench bench_;
  store::sql::Database database_;
};

/// How many texts the index finds, in the writing of its own.
std::int64_t looked_up(store::sql::Database& database, const std::string& term) {
  const auto look_up = store::sqlite::look_up(database, {{term}});
  REQUIRE(look_up.has_value());
  REQUIRE(look_up->has_value());
  std::int64_t found = 0;
  REQUIRE(database.statement((*look_up)->sql)
              .query([&](store::sql::Columns&) { ++found; }, (*look_up)->values.front(), 1, 1000, 1000)
              .has_value());
  return found;
}

/// A character of two bytes.
std::string utf8(unsigned code) {
  return {static_cast<char>(0xC0U | (code >> 6U)), static_cast<char>(0x80U | (code & 0x3FU))};
}

}  // namespace

TEST_CASE("a portion that was read before is what goes into the index") {
  UnindexedLog log;
  store::sqlite::SearchFeed feed;
  REQUIRE(feed.prepare(log.database(), 0).has_value());
  CHECK(feed.index_next(log.database()).value() == 2);
  CHECK(log.hits("fox") == 1);
  CHECK(log.hits("bears") == 1);
  CHECK(log.number("SELECT reached FROM search_state") == 2);
  CHECK(log.number("SELECT count(*) FROM search_words WHERE word IN ('fox','two','bears')") == 3);
}

TEST_CASE("what is deleted after it was read for the index does not get there") {
  UnindexedLog log;
  store::sqlite::SearchFeed feed;
  REQUIRE(feed.prepare(log.database(), 0).has_value());
  REQUIRE(log.database().execute("DELETE FROM messages WHERE n=1; DELETE FROM events WHERE n=1").has_value());
  CHECK(feed.index_next(log.database()).value() == 2);
  CHECK(log.hits("fox") == 0);
  CHECK(log.hits("bears") == 1);
}

TEST_CASE("a portion that does not begin where the index ends is read anew") {
  UnindexedLog log;
  store::sqlite::SearchFeed feed;
  REQUIRE(feed.prepare(log.database(), 0).has_value());
  REQUIRE(log.database().execute("UPDATE search_state SET reached=1").has_value());
  CHECK(feed.index_next(log.database()).value() == 2);
  CHECK(log.hits("fox") == 0);
  CHECK(log.hits("bears") == 1);
}

TEST_CASE("words of a transaction that came to nothing are learnt with the next one") {
  UnindexedLog log;
  store::sqlite::SearchFeed feed;
  REQUIRE(feed.prepare(log.database(), 0).has_value());
  REQUIRE(log.database().execute("BEGIN").has_value());
  REQUIRE(feed.index_next(log.database()).has_value());
  REQUIRE(log.database().execute("ROLLBACK").has_value());
  feed.forget();
  REQUIRE(feed.index_next(log.database()).value() == 2);
  CHECK(log.number("SELECT count(*) FROM search_words WHERE word='fox'") == 1);
  CHECK(log.hits("fox") == 1);
}

TEST_CASE("the text of a deleted conversation leaves the index") {
  StoreBench bench;
  for (const auto& [session, content] : {std::pair{"rivers", "a fox"}, std::pair{"other", "two bears"}}) {
    auto said = message("m-1", content);
    said.conversation_id = session;
    bench.add(10, said);
  }
  bench.close();
  bench.engine().index_all();
  bench.open();
  bench.add(20, model::ConversationDeleted{"rivers", {}});
  bench.close();
  auto database = bench.engine().connection();
  CHECK(database.number("SELECT count(*) FROM search_index WHERE search_index MATCH 'fox'").value() == 0);
  CHECK(database.number("SELECT count(*) FROM search_index WHERE search_index MATCH 'bears'").value() == 1);
}

TEST_CASE(
    "words that no text holds any more go from the vocabulary, those of texts that come meanwhile stay") {
  UnindexedLog log;
  store::sqlite::SearchFeed feed;
  REQUIRE(feed.index_next(log.database()).has_value());
  REQUIRE(log.database()
              .execute("INSERT INTO search_index(search_index,rowid,text) VALUES('delete',1,'a fox');"
                       "INSERT INTO tombstones(id,n,replaced) VALUES('c-0',7,0)")
              .has_value());
  CHECK(store::sqlite::needs_cleaning(log.database()).value());
  store::sqlite::IndexCleaner cleaner;
  for (int portions = 1; cleaner.next(log.database()).value(); ++portions) {
    REQUIRE(portions < 20);
    if (portions == 1) REQUIRE(store::sqlite::add_word(log.database(), "bearskin").has_value());
    if (portions == 1)
      REQUIRE(
          log.database().execute("INSERT INTO search_index(rowid,text) VALUES(3,'bearskin')").has_value());
  }
  CHECK(cleaner.words_gone() == 1);
  CHECK(log.number("SELECT count(*) FROM search_words") == 3);
  CHECK(log.number("SELECT count(*) FROM search_words WHERE word IN ('two','bears','bearskin')") == 3);
  CHECK(log.number("SELECT count(*) FROM search_pieces WHERE search_pieces MATCH 'fox'") == 0);
  CHECK(log.number("SELECT count(*) FROM search_pieces WHERE search_pieces MATCH 'ear'") == 2);
  CHECK_FALSE(store::sqlite::needs_cleaning(log.database()).value());
}

TEST_CASE("the server cleans up behind deletions by itself") {
  StoreBench bench;
  auto said = message("m-1", "a fox");
  said.conversation_id = "gone";
  bench.add(10, said);
  bench.add(20, message("m-1", "two bears"));
  bench.close();
  bench.engine().index_all();
  bench.open();
  bench.add(30, model::ConversationDeleted{"gone", {}});
  bench.reopen();
  auto database = bench.engine().connection();
  const base::SystemClock clock;
  const auto patience = base::Deadline::after(clock, base::Milliseconds(10'000));
  const auto cleaned = [&] {
    return database.number("SELECT count(*) FROM meta WHERE key='index_cleaned' AND value='3'").value() == 1;
  };
  while (!cleaned() && !patience.reached(clock)) std::this_thread::yield();
  CHECK(cleaned());
  CHECK(database.number("SELECT count(*) FROM search_words WHERE word='fox'").value() == 0);
  CHECK(database.number("SELECT count(*) FROM search_words WHERE word='bears'").value() == 1);
}

TEST_CASE("the index knows the same capitals as the search") {
  StoreBench bench;
  std::string capitals;
  std::vector<std::string> words;
  for (unsigned code = 0xC0; code < 0x800; ++code) {
    const std::string word = "pre" + utf8(code) + "fix";
    if (base::fold_case(word) == word) continue;
    capitals += word + ' ';
    words.push_back(base::fold_case(word));
  }
  CHECK(words.size() > 400);
  bench.add(10, message("m-1", capitals));
  bench.close();
  bench.engine().index_all();
  auto database = bench.engine().connection();
  for (const std::string& word : words) {
    CHECK_MESSAGE(looked_up(database, word) == 1, word);
    CHECK_MESSAGE(looked_up(database, '.' + word + '.') == 1, word);
  }
}

TEST_CASE("words that an older version wrote with capitals are found by small letters") {
  StoreBench bench;
  bench.add(10, message("m-1", "in ŁÓDŹ, ŠKODA"));
  bench.close();
  bench.engine().index_all();
  auto database = bench.engine().connection();
  REQUIRE(
      database
          .execute("DELETE FROM search_words; INSERT INTO search_words VALUES(1,'in'),(2,'ŁódŹ'),(3,'Škoda');"
                   "INSERT INTO search_pieces(search_pieces) VALUES('rebuild')")
          .has_value());
  for (const char* term : {"łódź", "łód", "škoda", "kod", "in łód", "ódź, ško", "łódź, škoda"})
    CHECK_MESSAGE(looked_up(database, term) == 1, term);
}
