#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "statement.hpp"

struct sqlite3;

namespace agentpipe::store::sqlite {

/// Reasons of errors after which the store must not write any more.
inline constexpr std::string_view k_broken = "store_broken";
inline constexpr std::string_view k_not_a_database = "not_a_database";

/// What the last failure on this connection means: `unavailable` for a full disk, a busy database and a
/// broken one, `internal` for the rest.
base::Error last_error(sqlite3* connection);
bool is_broken(const base::Error& error);
/// The request is at fault, not the database: only that request is rolled back.
bool is_callers_fault(const base::Error& error);

enum class OpenMode : unsigned char { create, read_write, read_only };

/// One connection with our PRAGMAs. One thread at a time.
class Database {
 public:
  static base::Result<Database> open(const std::filesystem::path& path, OpenMode mode,
                                     base::Milliseconds busy_timeout);

  [[nodiscard]] sqlite3* connection() const { return connection_.get(); }
  /// Any number of statements whose rows nobody wants.
  base::Result<void> execute(const std::string& sql);
  /// The first column of the first row; 0 when there is none.
  base::Result<std::int64_t> number(std::string_view sql);
  /// The statement for that text, prepared before if it was asked for before. Valid until the next call.
  Statement& statement(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  using Connection = std::unique_ptr<sqlite3, Close>;

  explicit Database(Connection connection) : connection_(std::move(connection)) {}

  Connection connection_;
  std::unordered_map<std::string, Statement> statements_;  // after connection_: goes first
};

}  // namespace agentpipe::store::sqlite
