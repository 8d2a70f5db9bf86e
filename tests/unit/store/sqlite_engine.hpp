#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "connection.hpp"
#include "search_indexer.hpp"
#include "temporary_directory.hpp"

namespace agentpipe::test {

/// A SQLite file in a folder of its own.
class Engine {
 public:
  static constexpr std::string_view k_nul{"\0", 1};  // comes back as it went in

  base::Result<std::unique_ptr<store::Store>> open(const store::QueueLimits& limits) {
    auto made = options();
    made.queue = limits;
    return store::open_sqlite(made);
  }
  /// A connection beside the store's.
  store::sql::Database connection() {
    auto opened =
        store::sqlite::open_database(path(), store::sqlite::OpenMode::read_write, base::Milliseconds(5'000));
    REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  /// What the indexer does in time.
  void index_all() {
    auto database = connection();
    auto feed = std::make_unique<store::sqlite::SearchFeed>();
    const auto last = database.number("SELECT max(n) FROM events").value();
    for (model::LogNumber reached = 0; reached < last;) {
      auto next = feed->index_next(database);
      REQUIRE(next.has_value());
      reached = *next;
    }
  }

  [[nodiscard]] store::SqliteOptions options() { return {.path = path(), .clock = clock_}; }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "web.db"; }

 private:
  TemporaryDirectory folder_;
  base::SystemClock clock_;
};

}  // namespace agentpipe::test
