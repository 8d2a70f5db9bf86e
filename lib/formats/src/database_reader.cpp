#include "database_reader.hpp"

#include <algorithm>
#include <limits>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats {
namespace {

/// Nothing is said in a session for so long while others go on: it is over.
constexpr std::int64_t k_quiet_ms = 3'600'000;
/// Milliseconds up to the year 2200, the last that the protocol accepts.
constexpr std::int64_t k_last_ms = 7'258'118'400'000;

}  // namespace

std::optional<base::Timestamp> time_of_ms(std::int64_t milliseconds) {
  if (milliseconds <= 0 || milliseconds >= k_last_ms) return std::nullopt;
  return base::Timestamp(base::Milliseconds(milliseconds));
}

std::string number_of(SqliteFile& file, std::string_view table,
                      std::initializer_list<std::string_view> columns) {
  std::string sql = "max(0, 0";
  for (const auto column : columns) {
    if (file.has_column(table, column)) sql.append(", coalesce(").append(column).append(", 0)");
  }
  return sql + ")";
}

std::string DatabaseReader::context() const {
  return std::to_string(watermark_);
}

void DatabaseReader::resume(std::string_view context) {
  watermark_ = static_cast<std::int64_t>(base::parse_number(context).value_or(0));
}

void DatabaseReader::end(Sink& sink) {
  if (origin_.path.empty())
    return sink.problem({0, "a database is read where it lies; name the file instead of piping it"});
  if (const auto done = read(sink); !done) sink.problem({0, done.error().message});
}

base::Result<void> DatabaseReader::read(Sink& sink) {
  auto file = SqliteFile::open(origin_.path);
  if (!file) return base::forward(file);
  if (const auto lacks = missing(*file); !lacks.empty())
    return base::failure(
        base::ErrorCode::invalid,
        "the database has no " + lacks + ": it is another program's, or of a version that is not known");
  const auto sessions = find(*file);
  if (!sessions) return base::forward(sessions);
  auto told = tell(*file, *sessions, sink);
  if (told && file->is_torn())
    return base::failure(base::ErrorCode::io, "the database was written while it was read; read it again");
  return told;
}

base::Result<std::vector<DatabaseReader::Found>> DatabaseReader::find(SqliteFile& file) {
  std::vector<Found> sessions;
  const auto from = std::max<std::int64_t>(watermark_, origin_.since.time_since_epoch().count());
  auto done = file.query("SELECT * FROM (" + sessions_query(file) + ") WHERE changed >= ?1", {from},
                         [&](const SqliteRow& row) {
                           sessions.push_back({std::string(row.text(0)), row.number(1)});
                         });
  if (!done) return base::forward(done);
  return sessions;
}

/// Where reading is taken up: at the last change, or where a session is that is not finished.
base::Result<void> DatabaseReader::tell(SqliteFile& file, const std::vector<Found>& sessions, Sink& sink) {
  auto newest = watermark_;
  auto unfinished = std::numeric_limits<std::int64_t>::max();
  for (const auto& found : sessions) newest = std::max(newest, found.changed);
  for (const auto& found : sessions) {
    const bool over = origin_.writer == Writer::gone || found.changed + k_quiet_ms < newest;
    if (auto begun = file.query("BEGIN", {}, [](const SqliteRow&) {}); !begun) return begun;
    const auto told = session(file, found.id, over ? Writer::gone : Writer::present, sink);
    const auto ended = file.query("COMMIT", {}, [](const SqliteRow&) {});
    if (!told) return base::forward(told);
    if (!ended) return ended;
    if (*told == Told::unfinished) unfinished = std::min(unfinished, found.changed);
  }
  watermark_ = std::min(newest, unfinished);
  return {};
}

}  // namespace agentpipe::formats
