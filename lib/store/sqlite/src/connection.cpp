#include "connection.hpp"

#include <sqlite3.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace agentpipe::store::sqlite {

namespace {

using base::ErrorCode;
using sql::k_broken;

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
    Meaning{SQLITE_NOTADB, ErrorCode::unavailable, k_broken_message, sql::k_not_a_database},
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

namespace {

/// A null pointer would bind NULL, not the empty text.
const char* start_of(std::string_view text) {
  return text.data() == nullptr ? "" : text.data();
}

class SqlitePrepared final : public sql::Prepared {
 public:
  SqlitePrepared(sqlite3* connection, sqlite3_stmt* statement)
      : connection_(connection), statement_(statement) {}

  void bind(int index, std::int64_t value) override {
    sqlite3_bind_int64(statement_.get(), index + 1, value);
  }
  void bind(int index, double value) override { sqlite3_bind_double(statement_.get(), index + 1, value); }
  void bind_text(int index, std::string_view text) override {
    sqlite3_bind_text64(statement_.get(), index + 1, start_of(text), text.size(), nullptr, SQLITE_UTF8);
  }
  void bind_bytes(int index, std::string_view bytes) override {
    sqlite3_bind_blob64(statement_.get(), index + 1, start_of(bytes), bytes.size(), nullptr);
  }
  void bind_null(int index) override { sqlite3_bind_null(statement_.get(), index + 1); }

  base::Result<bool> step() override {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return tl::unexpected<base::Error>(last_error(connection_));
  }
  void reset() override { sqlite3_reset(statement_.get()); }
  [[nodiscard]] std::int64_t changes() const override { return sqlite3_changes64(connection_); }

  [[nodiscard]] bool is_null(int column) const override {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t number(int column) const override {
    return sqlite3_column_int64(statement_.get(), column);
  }
  [[nodiscard]] double real(int column) const override {
    return sqlite3_column_double(statement_.get(), column);
  }
  [[nodiscard]] std::string_view text(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_.get(), column);
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr
               ? std::string_view()
               : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  sqlite3* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class SqliteConnection final : public sql::Connection {
 public:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  using Handle = std::unique_ptr<sqlite3, Close>;

  explicit SqliteConnection(Handle handle) : handle_(std::move(handle)) {}

  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
  [[nodiscard]] const sql::Dialect& dialect() const override { return sqlite::dialect(); }

  base::Result<std::unique_ptr<sql::Prepared>> prepare(const std::string& sql) override {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) return failed();
    return std::make_unique<SqlitePrepared>(handle(), made);
  }

  base::Result<void> execute(const std::string& sql) override {
    if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failed();
    return {};
  }

  base::Result<void> begin(sql::Transaction kind) override {
    return execute(kind == sql::Transaction::writing ? "BEGIN IMMEDIATE" : "BEGIN");
  }
  base::Result<void> commit() override { return execute("COMMIT"); }
  base::Result<void> roll_back() override {
    if (sqlite3_get_autocommit(handle()) != 0) return {};
    return execute("ROLLBACK");
  }

 private:
  [[nodiscard]] tl::unexpected<base::Error> failed() const {
    return tl::unexpected<base::Error>(last_error(handle()));
  }

  Handle handle_;
};

}  // namespace

base::Result<Database> open_database(const std::filesystem::path& path, OpenMode mode,
                                     base::Milliseconds busy_timeout) {
  // Statistics of memory, which nobody asks for, would have every allocation of every thread take one lock.
  [[maybe_unused]] static const int k_without_statistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* made = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &made, k_open_flags[static_cast<std::size_t>(mode)], nullptr);
  SqliteConnection::Handle handle(made);  // SQLite makes one even when it fails, for the message
  if (code != SQLITE_OK) return tl::unexpected<base::Error>(last_error(made));
  sqlite3_extended_result_codes(made, 1);
  sqlite3_busy_timeout(made, static_cast<int>(busy_timeout.count()));
  Database database(std::make_unique<SqliteConnection>(std::move(handle)));
  if (auto set = database.execute(k_settings); !set) return base::forward(set);
  return database;
}

sqlite3* handle(const Database& database) {
  return static_cast<const SqliteConnection&>(database.connection()).handle();
}

}  // namespace agentpipe::store::sqlite
