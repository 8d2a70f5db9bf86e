#include "sqlite_file.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_magic{"SQLite format 3\0", 16};
/// https://www.sqlite.org/fileformat.html: 1 is a rollback journal, 2 a write-ahead log.
constexpr std::size_t k_write_version_at = 18;
constexpr char k_write_version_log = 2;
/// A commit of the other program takes milliseconds.
constexpr int k_busy_ms = 2000;

bool uses_log(const fs::path& path) {
  std::string head(k_write_version_at + 1, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  return file && head.back() == k_write_version_log;
}

std::string beside(const fs::path& path, std::string_view ending) {
  return path.native() + std::string(ending);
}

bool is_there(const std::string& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

std::string uri_of(const fs::path& path, SqliteAccess access) {
  constexpr std::string_view k_digits = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path.native()) {
    if (c != '%' && c != '?' && c != '#') {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri.append("%").append(1, k_digits[byte / 16]).append(1, k_digits[byte % 16]);
  }
  uri += "?mode=ro";
  if (access == SqliteAccess::log_alone) uri += "&vfs=unix-none";
  if (access == SqliteAccess::resting) uri += "&immutable=1";
  return uri;
}

/// Of a stranger's file: nothing in its schema runs, and no row is larger than a document.
void distrust(sqlite3* connection) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, static_cast<int>(k_max_document));
  sqlite3_busy_timeout(connection, k_busy_ms);
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

void bind(sqlite3_stmt* statement, int place, const SqliteFile::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, place, *number);
  } else {
    const auto text = std::get<std::string_view>(value);
    sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
}

}  // namespace

SqliteAccess sqlite_access(bool uses_log, bool has_log, bool has_index) {
  if (!uses_log || (has_log && has_index)) return SqliteAccess::shared;
  return has_log ? SqliteAccess::log_alone : SqliteAccess::resting;
}

bool is_sqlite(std::string_view head) {
  return head.starts_with(k_magic);
}

std::string_view SqliteRow::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr
             ? std::string_view()
             : std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::int64_t SqliteRow::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double SqliteRow::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

bool SqliteRow::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void SqliteFile::Close::operator()(sqlite3* connection) const {
  sqlite3_close(connection);
}

SqliteFile::SqliteFile(Connection connection, fs::path path, SqliteAccess access)
    : connection_(std::move(connection)), path_(std::move(path)), access_(access), stamp_(stamp_of(path_)) {}

SqliteFile::Stamp SqliteFile::stamp_of(const fs::path& path) {
  constexpr std::int64_t k_second = 1'000'000'000;
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return {};
  return {facts.st_ino, static_cast<std::uint64_t>(facts.st_size),
          facts.st_mtim.tv_sec * k_second + facts.st_mtim.tv_nsec};
}

std::int64_t SqliteFile::written() const {
  constexpr std::int64_t k_millisecond = 1'000'000;
  return std::max(stamp_of(path_).modified_ns, stamp_of(beside(path_, "-wal")).modified_ns) / k_millisecond;
}

bool SqliteFile::is_torn() const {
  return access_ != SqliteAccess::shared && stamp_of(path_) != stamp_;
}

tl::unexpected<base::Error> SqliteFile::error(std::string_view doing) const {
  return base::failure(base::ErrorCode::io,
                       "the database " + std::string(doing) + ": " + sqlite3_errmsg(connection_.get()));
}

base::Result<SqliteFile> SqliteFile::open(const fs::path& path) {
  // Links on the way are the user's; one in place of the file is not followed.
  std::error_code trouble;
  const auto real = fs::weakly_canonical(path.parent_path(), trouble) / path.filename();
  const auto access =
      sqlite_access(uses_log(real), is_there(beside(real, "-wal")), is_there(beside(real, "-shm")));
  sqlite3* opened = nullptr;
  const auto code = sqlite3_open_v2(uri_of(real, access).c_str(), &opened,
                                    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW, nullptr);
  SqliteFile file(Connection(opened), real, access);
  if (opened == nullptr) return base::failure(base::ErrorCode::io, "no memory for a database");
  if (code != SQLITE_OK) return file.error("cannot be opened");
  distrust(opened);
  // Without an index the log is read into memory, which SQLite does for whoever has the file alone.
  if (access == SqliteAccess::log_alone) {
    if (auto alone = file.query("PRAGMA locking_mode=EXCLUSIVE", {}, [](const SqliteRow&) {}); !alone)
      return base::forward(alone);
  }
  return file;
}

base::Result<void> SqliteFile::query(const std::string& sql, std::initializer_list<Value> values,
                                     const OnRow& on_row) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()), &made, nullptr) !=
      SQLITE_OK)
    return error("cannot be read");
  const Prepared statement(made);
  int place = 0;
  for (const auto& value : values) bind(made, ++place, value);
  const SqliteRow row(made);
  auto code = sqlite3_step(made);
  for (; code == SQLITE_ROW; code = sqlite3_step(made)) on_row(row);
  if (code != SQLITE_DONE) return error("cannot be read further");
  return {};
}

bool SqliteFile::is_blank() {
  bool blank = true;
  const auto done =
      query("SELECT 1 FROM sqlite_schema LIMIT 1", {}, [&](const SqliteRow&) { blank = false; });
  return done && blank;
}

bool SqliteFile::has_table(std::string_view table) {
  bool found = false;
  const auto done = query(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql NOT LIKE 'CREATE VIRTUAL%'",
      {table}, [&](const SqliteRow&) { found = true; });
  return done && found;
}

bool SqliteFile::has_column(std::string_view table, std::string_view column) {
  bool found = false;
  const auto done = query("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2", {table, column},
                          [&](const SqliteRow&) { found = true; });
  return done && found;
}

std::string SqliteFile::column_or_null(std::string_view table, std::string_view column) {
  return has_column(table, column) ? std::string(column) : "NULL";
}

}  // namespace agentpipe::formats
