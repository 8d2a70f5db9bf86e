#include "agentpipe/store/postgres/open.hpp"
#include "failure.hpp"
#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

TEST_CASE("one server at a time; a visitor reads beside it and leaves the log to it") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  const auto second = store::open_postgres(bench.engine().options());
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == base::ErrorCode::configuration);
  CHECK(second.error().reason == "database_in_use");

  auto options = bench.engine().options();
  options.access = store::Access::visit;
  auto visitor = store::open_postgres(options);
  REQUIRE_MESSAGE(visitor.has_value(), why(visitor));
  CHECK((*visitor)->session("c-1").has_value());
  CHECK((*visitor)->last_number() == 1);
  CHECK((*visitor)->epoch() == bench->epoch());
  base::Result<store::Appended> answer;
  (*visitor)->append({{event(2, message("m-2"))}, at(2)}, [&](auto result) { answer = std::move(result); });
  CHECK(answer.error().code == base::ErrorCode::unavailable);
}

TEST_CASE("a visitor makes the tables of a database that no server has seen") {
  StoreBench bench;
  bench.close();
  REQUIRE(bench.engine().connection().execute("DROP SCHEMA agentpipe CASCADE").has_value());
  auto options = bench.engine().options();
  options.access = store::Access::visit;
  auto visitor = store::open_postgres(options);
  REQUIRE_MESSAGE(visitor.has_value(), why(visitor));
  CHECK((*visitor)->keys()->empty());
}

TEST_CASE("connections that were cut are made anew, for readers and for the writer") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  bench.engine().cut_connections();
  CHECK(bench.messages().size() == 1);
  bench.add(2, message("m-2"));
  CHECK(bench->last_number() == 2);
  bench.engine().cut_connections();
  bench.add(3, message("m-3"));
  CHECK(bench->health().has_value());
  CHECK(bench.published().size() == 3);
  CHECK(bench.messages().size() == 3);
}

TEST_CASE("a statement that was used once leaves nothing on the server, within a transaction too") {
  StoreBench bench;
  auto database = bench.engine().connection();
  REQUIRE(database.execute("BEGIN").has_value());
  for (int i = 0; i < 3; ++i) CHECK(database.number("SELECT " + std::to_string(i)) == i);
  // The one that asks.
  CHECK(database.number("SELECT count(*) FROM pg_prepared_statements") == 1);
}

// libpq reads the farewell of a server that goes down before the end behind it; what it could not send then
// is an error of a connection that seems well.
TEST_CASE("an error that the server did not send is one of the connection, whatever that looks like") {
  StoreBench bench;
  auto database = bench.engine().connection();
  PGconn* handle = static_cast<store::postgres::PgConnection&>(database.connection()).handle();
  REQUIRE(PQstatus(handle) == CONNECTION_OK);
  const store::postgres::Answer unsent(PQmakeEmptyPGresult(handle, PGRES_FATAL_ERROR));
  const auto error = store::postgres::failure(handle, unsent.get());
  CHECK(error.code == base::ErrorCode::unavailable);
  CHECK(error.reason == store::sql::k_unreachable);
}

// As after a commit whose answer was lost: the log has more than this server knows.
TEST_CASE(
    "what came into the log while the connection was away is published, and the numbers go on behind it") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  bench.engine().cut_connections();
  {
    auto other = bench.engine().open({});
    REQUIRE_MESSAGE(other.has_value(), why(other));
    std::promise<bool> stored;
    (*other)->append({{event(2, message("m-2"))}, at(2)},
                     [&](const auto& result) { stored.set_value(result.has_value()); });
    CHECK(stored.get_future().get());
  }
  CHECK(bench.add(2, message("m-2")).outcome == store::Outcome::duplicate);
  CHECK(bench.add(3, message("m-3")).number == 3);
  std::string published;
  for (const auto& logged : bench.published())
    published += std::to_string(logged->number) + " " + model::message_id(logged->event) + " ";
  CHECK(published == "1 m-1 2 m-2 3 m-3 ");
}

TEST_CASE("while another server has the database, this one refuses and says so") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  bench.engine().cut_connections();
  auto other = bench.engine().open({});
  REQUIRE_MESSAGE(other.has_value(), why(other));
  const auto refused = bench.append({event(2, message("m-2"))});
  CHECK(refused.error().code == base::ErrorCode::unavailable);
  CHECK(refused.error().reason == "database_unreachable");
  other->reset();
  bench.add(2, message("m-2"));
}

TEST_CASE(
    "a database that does not keep the promise of a commit, or of another time, is refused with the remedy") {
  StoreBench bench;
  bench.close();
  auto database = bench.engine().connection();
  REQUIRE(database.execute("UPDATE agentpipe.meta SET value='99' WHERE key='schema'").has_value());
  CHECK(bench.engine().open({}).error().message ==
        "The database has schema version 99, this program knows up to 1; use the newer program.");
  REQUIRE(database.execute("ALTER ROLE CURRENT_USER SET synchronous_commit TO off").has_value());
  const auto asynchronous = bench.engine().open({});
  REQUIRE(database.execute("ALTER ROLE CURRENT_USER RESET synchronous_commit").has_value());
  REQUIRE_FALSE(asynchronous.has_value());
  CHECK(asynchronous.error().code == base::ErrorCode::configuration);
  CHECK(asynchronous.error().message.find("set synchronous_commit to on") != std::string::npos);
}

TEST_CASE("a server that cannot be reached is named, its password is not") {
  base::SystemClock clock;
  const auto opened =
      store::open_postgres({.url = "postgresql://ada:hunter2@127.0.0.1:1/agentpipe", .clock = clock});
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == base::ErrorCode::io);
  CHECK(opened.error().message.find("127.0.0.1") != std::string::npos);
  CHECK(opened.error().message.find("hunter2") == std::string::npos);
}
