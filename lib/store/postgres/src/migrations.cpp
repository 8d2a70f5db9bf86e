#include "migrations.hpp"

#include <string>

#include "agentpipe/base/log.hpp"
#include "meta.hpp"

namespace agentpipe::store::postgres {

namespace {

using base::ErrorCode;

constexpr const char* k_version = "schema";

/// 0: there is none yet.
base::Result<std::int64_t> version_of(sql::Database& database) {
  auto tables = database.number(
      "SELECT count(*) FROM information_schema.tables WHERE table_schema='agentpipe' AND table_name='meta'");
  if (!tables || *tables == 0) return tables;
  return database.number("SELECT CAST(value AS BIGINT) FROM agentpipe.meta WHERE key='schema'");
}

base::Result<void> make_extension(sql::Database& database) {
  auto made = database.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
  if (made) return made;
  return base::failure(
      ErrorCode::configuration,
      "The database lacks the extension pg_trgm, which finds texts; install PostgreSQL's contrib "
      "package, or let its administrator run: CREATE EXTENSION pg_trgm.",
      made.error().detail);
}

base::Result<void> apply(sql::Database& database, const Migration& migration, std::int64_t version) {
  auto& connection = database.connection();
  auto done = connection.begin(sql::Transaction::writing);
  if (done) done = database.execute(std::string(migration.sql));
  if (done) done = sql::write_meta(database, k_version, std::to_string(version));
  if (done) done = connection.commit();
  if (done) return done;
  if (auto undone = connection.roll_back(); !undone) return undone;
  return done;
}

}  // namespace

base::Result<bool> is_current(sql::Database& database, std::span<const Migration> known) {
  auto version = version_of(database);
  if (!version) return base::forward(version);
  const auto newest = static_cast<std::int64_t>(known.size());
  if (*version > newest) {
    return base::failure(ErrorCode::configuration, "The database has schema version " +
                                                       std::to_string(*version) +
                                                       ", this program knows up to " +
                                                       std::to_string(newest) + "; use the newer program.");
  }
  return *version == newest;
}

base::Result<void> migrate(sql::Database& database, std::span<const Migration> known) {
  if (auto made = database.execute("CREATE SCHEMA IF NOT EXISTS agentpipe"); !made) return made;
  auto version = version_of(database);
  if (!version) return base::forward(version);
  if (*version == 0) {
    if (auto made = make_extension(database); !made) return made;
  }
  for (auto i = static_cast<std::size_t>(*version); i < known.size(); ++i) {
    if (auto applied = apply(database, known[i], static_cast<std::int64_t>(i) + 1); !applied) return applied;
    base::log(base::LogLevel::info, "database schema brought up to date", {{"migration", known[i].name}});
  }
  return {};
}

}  // namespace agentpipe::store::postgres
