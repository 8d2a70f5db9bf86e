#include "database.hpp"

#include <sqlite3.h>

#include <array>

namespace agentpipe::store::sqlite {

namespace {

using base::ErrorCode;

struct Meaning {
  int code;  // SQLite's primary result code
  ErrorCode error;
  const char* message;
  std::string_view reason;
};

constexpr const char* k_broken_message =
    "The database cannot be read or written any more; nothing was stored. See the server's log.";

constexpr std::array k_meanings = {
    Meaning{SQLITE_FULL, ErrorCode::unavailable,
            "The server's disk is full; nothing was stored. Try again later.", "disk_full"},
    Meaning{SQLITE_BUSY, ErrorCode::unavailable, "The database is busy; nothing was stored. Try again.",
            "database_busy"},
    Meaning{SQLITE_NOMEM, ErrorCode::unavailable,
            "The server is out of memory; nothing was stored. Try again later.", "out_of_memory"},
    Meaning{SQLITE_IOERR, ErrorCode::unavailable, k_broken_message, k_broken},
    Meaning{SQLITE_CORRUPT, ErrorCode::unavailable, k_broken_message, k_broken},
    Meaning{SQLITE_NOTADB, ErrorCode::unavailable, k_broken_message, k_not_a_database},
    Meaning{SQLITE_READONLY, ErrorCode::unavailable, k_broken_message, k_broken},
    Meaning{SQLITE_CANTOPEN, ErrorCode::unavailable, k_broken_message, k_broken},
};

constexpr std::array<int, 3> k_open_flags = {
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
};

// synchronous=FULL: 2xx means committed, also after a power cut. Checkpoints are run by us, by WAL size
// (limits.md section 3: in the writer they cost p99). temp_store: savepoints keep their old pages in memory.
constexpr const char* k_settings =
    "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768;";

}  // namespace

base::Error last_error(sqlite3* connection) {
  const int code = sqlite3_extended_errcode(connection);
  std::string detail = std::string(sqlite3_errmsg(connection)) + " (SQLite " + std::to_string(code) + ")";
  for (const Meaning& meaning : k_meanings) {
    if (meaning.code == (code & 0xFF)) {
      return {meaning.error, meaning.message, std::move(detail), {}, std::string(meaning.reason)};
    }
  }
  return {ErrorCode::internal, "The database refused the operation.", std::move(detail), {}, {}};
}

bool is_broken(const base::Error& error) {
  return error.reason == k_broken || error.reason == k_not_a_database;
}

bool is_callers_fault(const base::Error& error) {
  return error.code == ErrorCode::conflict || error.code == ErrorCode::not_found ||
         error.code == ErrorCode::invalid || error.code == ErrorCode::gone;
}

void Database::Close::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

base::Result<Database> Database::open(const std::filesystem::path& path, OpenMode mode,
                                      base::Milliseconds busy_timeout) {
  sqlite3* made = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &made, k_open_flags[static_cast<std::size_t>(mode)], nullptr);
  Connection connection(made);  // SQLite makes one even when it fails, for the message
  if (code != SQLITE_OK) return tl::unexpected<base::Error>(last_error(connection.get()));
  sqlite3_extended_result_codes(connection.get(), 1);
  sqlite3_busy_timeout(connection.get(), static_cast<int>(busy_timeout.count()));
  Database database(std::move(connection));
  if (auto set = database.execute(k_settings); !set) return base::forward(set);
  return database;
}

base::Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(connection(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return tl::unexpected<base::Error>(last_error(connection()));
  }
  return {};
}

base::Result<std::int64_t> Database::number(std::string_view sql) {
  std::int64_t result = 0;
  Statement statement(connection(), std::string(sql));
  auto done = statement.query([&](Columns& columns) { columns(result); });
  if (!done) return base::forward(done);
  return result;
}

Statement& Database::statement(const std::string& sql) {
  constexpr std::size_t k_most = 100;  // filters come in many combinations
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  if (statements_.size() >= k_most) statements_.clear();
  return statements_.emplace(sql, Statement(connection(), sql)).first->second;
}

}  // namespace agentpipe::store::sqlite
