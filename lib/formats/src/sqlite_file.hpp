#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "agentpipe/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace agentpipe::formats {

/// How another program's database is opened so that nothing beside it is made and nobody is held up.
enum class SqliteAccess : unsigned char {
  shared,     ///< with the usual locks: with a rollback journal, or while a write-ahead log is in use
  log_alone,  ///< a log without its index: nobody has it open, and we must not make an index
  resting,    ///< neither: all is in the file, and nobody has it open
};
SqliteAccess sqlite_access(bool uses_log, bool has_log, bool has_index);

/// The columns of a row, from 0; NULL and wrong types read as empty and 0. Views until the next row.
class SqliteRow {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// A database of another program, for reading only. Its schema is not trusted: views, triggers and virtual
/// tables do not count. Rows above k_max_document are errors. One thread.
class SqliteFile {
 public:
  /// Error `io`: what SQLite says, as half a sentence.
  static base::Result<SqliteFile> open(const std::filesystem::path& path);

  /// Has its program made nothing in it yet?
  [[nodiscard]] bool is_blank();
  [[nodiscard]] bool has_table(std::string_view table);
  [[nodiscard]] bool has_column(std::string_view table, std::string_view column);
  /// `column`, or NULL where the table has none.
  [[nodiscard]] std::string column_or_null(std::string_view table, std::string_view column);

  using Value = std::variant<std::int64_t, std::string_view>;
  using OnRow = std::function<void(const SqliteRow&)>;
  base::Result<void> query(const std::string& sql, std::initializer_list<Value> values, const OnRow& on_row);

  /// When it, or its write-ahead log, was written last: ms since 1970.
  [[nodiscard]] std::int64_t written() const;
  /// Was it written while it was open in a way that cannot notice? Then what was read may not fit together.
  [[nodiscard]] bool is_torn() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  using Connection = std::unique_ptr<sqlite3, Close>;
  struct Stamp {
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    bool operator==(const Stamp&) const = default;
  };

  SqliteFile(Connection connection, std::filesystem::path path, SqliteAccess access);
  static Stamp stamp_of(const std::filesystem::path& path);
  [[nodiscard]] tl::unexpected<base::Error> error(std::string_view doing) const;

  Connection connection_;
  std::filesystem::path path_;
  SqliteAccess access_;
  Stamp stamp_;
};

/// Do these bytes begin a database?
bool is_sqlite(std::string_view head);

}  // namespace agentpipe::formats
