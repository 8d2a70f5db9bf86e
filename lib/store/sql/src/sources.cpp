#include "sources.hpp"

namespace agentpipe::store::sql {

namespace {

std::int64_t number(std::uint64_t n) {
  return static_cast<std::int64_t>(n);
}

std::uint64_t number(Columns& columns) {
  return static_cast<std::uint64_t>(columns.take<std::int64_t>());
}

}  // namespace

base::Result<SourceState> read_source(Database& database, const std::string& id) {
  SourceState source{id};
  auto done = database.statement("SELECT last_n,missing FROM sources WHERE id=?")
                  .query(
                      [&](Columns& columns) {
                        source.last_n = number(columns);
                        source.missing = number(columns);
                      },
                      id);
  if (!done) return base::forward(done);
  return source;
}

base::Result<void> write_source(Database& database, const SourceState& source, base::Timestamp at) {
  return database
      .statement(
          "INSERT INTO sources(id,last_n,missing,created_at,updated_at) VALUES(?1,?2,?3,?4,?4) "
          "ON CONFLICT(id) DO UPDATE SET last_n=?2,missing=?3,updated_at=?4")
      .run(source.id, number(source.last_n), number(source.missing), at);
}

base::Result<std::vector<Rejected>> read_rejections(Database& database, const std::string& source_id,
                                                    std::uint64_t first) {
  std::vector<Rejected> found;
  auto done = database.statement("SELECT n,code,reason FROM rejections WHERE source_id=? AND n>=? ORDER BY n")
                  .query(
                      [&](Columns& columns) {
                        Rejected& rejected = found.emplace_back();
                        rejected.n = number(columns);
                        columns(rejected.code);
                        columns(rejected.reason);
                      },
                      source_id, number(first));
  if (!done) return base::forward(done);
  return found;
}

base::Result<void> add_rejection(Database& database, const std::string& source_id, const Rejected& rejected) {
  return database.statement("INSERT INTO rejections(source_id,n,code,reason) VALUES(?,?,?,?)")
      .run(source_id, number(rejected.n), rejected.code, rejected.reason);
}

base::Result<void> forget_rejections(Database& database, const std::string& source_id, std::uint64_t first) {
  return database.statement("DELETE FROM rejections WHERE source_id=? AND n<?").run(source_id, number(first));
}

}  // namespace agentpipe::store::sql
