#include "agentpipe/store/postgres/open.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "meta.hpp"
#include "migrations.hpp"
#include "pg_connection.hpp"
#include "reader_pool.hpp"
#include "serving_store.hpp"
#include "visiting_store.hpp"

namespace agentpipe::store {

namespace {

using base::ErrorCode;
using base::Result;
using postgres::Role;
using sql::Database;

/// Says whether the database answers, too.
class PostgresStore final : public sql::ServingStore {
 public:
  PostgresStore(sql::Opened opened, const PostgresOptions& options)
      : ServingStore(std::move(opened), std::make_unique<sql::Upkeep>(), options.queue, {}, options.clock) {}

  Result<void> health() override {
    auto well = ServingStore::health();
    if (!well) return well;
    auto answers = readers().read([](Database& reader) { return sql::last_number_seen(reader); });
    return answers ? well : Result<void>(base::forward(answers));
  }
};

/// What goes wrong before the store stands is told to the operator.
base::Error opening_error(const base::Error& error) {
  if (error.code == ErrorCode::configuration) return error;
  return {
      ErrorCode::io, "Cannot open the PostgreSQL database: " + error.detail, error.detail, {}, error.reason};
}

Result<Database> connect(const PostgresOptions& options, Role role) {
  auto connection = postgres::PgConnection::open(options.url, role);
  if (!connection) return base::forward(connection);
  return Database(std::move(*connection));
}

Result<std::vector<Database>> open_readers(const PostgresOptions& options) {
  std::vector<Database> readers;
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    auto reader = connect(options, Role::guest);
    if (!reader) return base::forward(reader);
    readers.push_back(std::move(*reader));
  }
  return readers;
}

/// To the current schema. A visitor does that only while no server is at work.
Result<void> bring_up_to_date(Database& main, const PostgresOptions& options) {
  auto current = postgres::is_current(main, postgres::migrations());
  if (!current) return base::forward(current);
  if (*current) return {};
  if (options.access == Access::serve) return postgres::migrate(main, postgres::migrations());
  auto only = connect(options, Role::only_writer);
  return only ? postgres::migrate(*only, postgres::migrations()) : Result<void>(base::forward(only));
}

Result<std::unique_ptr<Store>> open(const PostgresOptions& options) {
  const bool serves = options.access == Access::serve;
  auto main = connect(options, serves ? Role::only_writer : Role::guest);
  if (!main) return base::forward(main);
  if (auto done = bring_up_to_date(*main, options); !done) return base::forward(done);
  auto epoch = sql::ensure_epoch(*main);
  if (!epoch) return base::forward(epoch);
  auto last = sql::last_number_seen(*main);
  if (!last) return base::forward(last);
  auto readers = open_readers(options);
  if (!readers) return base::forward(readers);
  if (!serves)
    return std::make_unique<sql::VisitingStore>(std::move(*main), std::move(*readers), std::move(*epoch));
  return std::make_unique<PostgresStore>(
      sql::Opened{{}, std::move(*main), std::move(*readers), std::move(*epoch), *last}, options);
}

}  // namespace

Result<std::unique_ptr<Store>> open_postgres(const PostgresOptions& options) {
  auto opened = open(options);
  if (opened) return opened;
  return tl::unexpected<base::Error>(opening_error(opened.error()));
}

}  // namespace agentpipe::store
