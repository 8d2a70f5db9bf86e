#include "database_reader.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "times.hpp"

namespace agentpipe::formats {
namespace {

/// Nothing is said in a session for so long while others go on: it is over.
constexpr std::int64_t k_quiet_ms = 3'600'000;
/// A context has 4 KiB.
constexpr std::size_t k_max_unfinished_bytes = 3000;

/// One that cannot be is none, and after `written` nothing has changed, even if a clock ran ahead: neither
/// may stand in for the newest change.
std::int64_t time_in(std::int64_t milliseconds, std::int64_t written) {
  return time_of_ms(milliseconds) ? std::min(milliseconds, written) : 0;
}

}  // namespace

std::string number_of(SqliteFile& file, std::string_view table,
                      std::initializer_list<std::string_view> columns) {
  std::string sql = "max(0, 0";
  for (const auto column : columns) {
    if (file.has_column(table, column)) sql.append(", coalesce(").append(column).append(", 0)");
  }
  return sql + ")";
}

/// "watermark row row [unfinished ids]"; the rows only where they are known.
std::string DatabaseReader::context() const {
  auto text = std::to_string(cursor_.watermark);
  for (const auto row : cursor_.rows) text += ' ' + std::to_string(row);
  return cursor_.rows.empty() ? text : text + ' ' + cursor_.unfinished;
}

void DatabaseReader::resume(std::string_view context) {
  const auto list = std::min(context.find('['), context.size());
  std::vector<std::int64_t> numbers;
  for (const auto part : base::split(context.substr(0, list), ' ')) {
    if (const auto number = base::parse_number(part)) numbers.push_back(static_cast<std::int64_t>(*number));
  }
  if (numbers.empty()) return;
  cursor_.watermark = numbers.front();
  cursor_.rows.assign(numbers.begin() + 1, numbers.end());
  if (list < context.size()) cursor_.unfinished = context.substr(list);
}

void DatabaseReader::end(Sink& sink) {
  if (origin_.path.empty())
    return sink.problem({0, "a database is read where it lies; name the file instead of piping it"});
  if (const auto done = read(sink); !done) sink.problem({0, done.error().message});
}

std::string DatabaseReader::missing(SqliteFile& file) const {
  for (const auto& [table, column] : needed()) {
    if (!file.has_table(table)) return "table '" + std::string(table) + "'";
    if (!file.has_column(table, column))
      return "column '" + std::string(table) + "." + std::string(column) + "'";
  }
  return {};
}

base::Result<void> DatabaseReader::read(Sink& sink) {
  auto file = SqliteFile::open(origin_.path);
  if (!file) return base::forward(file);
  if (file->is_blank()) return {};
  if (const auto lacks = missing(*file); !lacks.empty())
    return base::failure(
        base::ErrorCode::invalid,
        "the database has no " + lacks + ": it is another program's, or of a version that is not known");
  auto rows = newest_rows(*file);  // before they are read: what comes meanwhile is news afterwards
  const auto written = file->written();
  cursor_.watermark = std::min(cursor_.watermark, written);
  const auto sessions = find(*file, rows, written);
  if (!sessions) return base::forward(sessions);
  auto told = tell(*file, *sessions, std::move(rows), sink);
  if (told && file->is_torn())
    return base::failure(base::ErrorCode::io, "the database was written while it was read; read it again");
  return told;
}

/// Nothing when a table has no such rows.
DatabaseReader::Rows DatabaseReader::newest_rows(SqliteFile& file) {
  Rows rows;
  for (const auto table : growing_tables(file)) {
    if (!file.has_column(table, "session_id")) return {};
    const auto done = file.query("SELECT coalesce(max(rowid), 0) FROM " + std::string(table), {},
                                 [&](const SqliteRow& row) { rows.push_back(row.number(0)); });
    if (!done) return {};
  }
  return rows;
}

/// Empty unless new rows tell: then it may be everywhere. Fewer rows than before: they were numbered anew.
std::string DatabaseReader::where_news_is(SqliteFile& file, const Rows& rows) {
  const auto& before = cursor_.rows;
  const bool told = !rows.empty() && before.size() == rows.size() &&
                    std::equal(rows.begin(), rows.end(), before.begin(), std::greater_equal<>());
  if (!told) return {};
  auto where = session_time(file) + " >= ?1 OR id IN (SELECT value FROM json_each(?2))";
  int parameter = 2;
  for (const auto table : growing_tables(file))
    where.append(" OR id IN (SELECT session_id FROM ")
        .append(table)
        .append(" WHERE rowid > ?")
        .append(std::to_string(++parameter) + ")");
  return where;
}

base::Result<std::vector<DatabaseReader::Found>> DatabaseReader::find(SqliteFile& file, const Rows& rows,
                                                                      std::int64_t written) {
  std::vector<Found> sessions;
  const auto news = where_news_is(file, rows);
  // What new rows tell of is news whatever its time: the clock may have been set back.
  const auto since = static_cast<std::int64_t>(origin_.since.time_since_epoch().count());
  const auto from = news.empty() ? std::max(cursor_.watermark, since) : since;
  const auto row_before = [&](std::size_t place) {
    return place < cursor_.rows.size() ? cursor_.rows[place] : 0;
  };
  auto done = file.query(
      "SELECT id, changed FROM (" + sessions_query(file, news.empty() ? "1" : news) + ") WHERE changed >= ?5",
      {cursor_.watermark, std::string_view(cursor_.unfinished), row_before(0), row_before(1), from},
      [&](const SqliteRow& row) {
        sessions.push_back({std::string(row.text(0)), time_in(row.number(1), written)});
      });
  if (!done) return base::forward(done);
  return sessions;
}

/// Where reading is taken up: at the last change, or where a session is that is not finished.
base::Result<void> DatabaseReader::tell(SqliteFile& file, const std::vector<Found>& sessions, Rows rows,
                                        Sink& sink) {
  auto newest = cursor_.watermark;
  auto oldest_unfinished = std::numeric_limits<std::int64_t>::max();
  std::string unfinished;
  model::JsonWriter list(unfinished);
  list.begin_array();
  for (const auto& found : sessions) newest = std::max(newest, found.changed);
  for (const auto& found : sessions) {
    const bool over = origin_.writer == Writer::gone || found.changed + k_quiet_ms < newest;
    if (auto begun = file.query("BEGIN", {}, [](const SqliteRow&) {}); !begun) return begun;
    const auto told = session(file, found.id, over ? Writer::gone : Writer::present, sink);
    auto ended = file.query("COMMIT", {}, [](const SqliteRow&) {});
    if (!told) return base::forward(told);
    if (!ended) return ended;
    if (*told == Told::whole) continue;
    oldest_unfinished = std::min(oldest_unfinished, found.changed);
    list.value(found.id);
  }
  list.end_array();
  if (unfinished.size() > k_max_unfinished_bytes) rows.clear();
  cursor_ = {std::min(newest, oldest_unfinished), std::move(rows), std::move(unfinished)};
  return {};
}

}  // namespace agentpipe::formats
