#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/postgres/open.hpp"
#include "database.hpp"
#include "pg_connection.hpp"

namespace agentpipe::test {

/// A database of its own on the server that tests/support/with_postgres started.
class Engine {
 public:
  static constexpr std::string_view k_nul = "\uFFFD";  // stands for it

  Engine() {
    static int made = 0;
    name_ = "bench_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
    administer("CREATE DATABASE " + name_ + " TEMPLATE template0 ENCODING 'UTF8'");
  }
  ~Engine() { administer("DROP DATABASE " + name_ + " WITH (FORCE)"); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  base::Result<std::unique_ptr<store::Store>> open(const store::QueueLimits& limits) {
    auto made = options();
    made.queue = limits;
    return store::open_postgres(made);
  }
  /// A connection beside the store's.
  store::sql::Database connection() { return connect(name_); }

  /// The database keeps its indexes itself.
  void index_all() {}

  [[nodiscard]] store::PostgresOptions options() {
    return {.url = url(name_), .clock = clock_, .readers = 1};
  }
  /// Ends all connections to the database, as a restart of its server does.
  void cut_connections() {
    administer("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname='" + name_ + "'");
  }
  /// Runs it in the database that is always there.
  void administer(const std::string& sql) {
    auto done = connect("postgres").execute(sql);
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().detail));
  }

 private:
  static std::string url(const std::string& database) {
    const char* server = std::getenv("AGENTPIPE_TEST_POSTGRES");
    REQUIRE_MESSAGE(server != nullptr, "run by tests/support/with_postgres");
    return "postgresql:///" + database + "?" + server;
  }
  static store::sql::Database connect(const std::string& database) {
    auto opened = store::postgres::PgConnection::open(url(database), store::postgres::Role::guest);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().detail));
    return store::sql::Database(std::move(*opened));
  }

  std::string name_;
  base::SystemClock clock_;
};

}  // namespace agentpipe::test
