#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "agent_reading.hpp"
#include "temporary_directory.hpp"

namespace agentpipe::test {

/// The program that writes a database: it keeps it open, with a write-ahead log, until it is gone.
class Writer {
 public:
  explicit Writer(const std::filesystem::path& path, const std::string& journal = "wal") {
    sqlite3* opened = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &opened) == SQLITE_OK);
    connection_.reset(opened);
    run("PRAGMA journal_mode=" + journal);
  }
  void run(const std::string& sql) {
    char* error = nullptr;
    const auto code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, &error);
    const std::string said = error == nullptr ? "" : error;
    sqlite3_free(error);
    INFO(said);
    REQUIRE(code == SQLITE_OK);
  }
  /// As if it was killed: nothing is tidied up.
  void leave_everything() {
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

inline std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

/// A database as the file that it is.
inline Reading read_database(const std::filesystem::path& path) {
  return read_from(file_text(path), origin_at(path));
}

/// A reading of what has changed, the way a follower asks for it.
struct Look {
  RecordingSink sink;
  std::string context;
};

inline Look look_at(std::string_view format, const std::filesystem::path& path, const std::string& context,
                    base::Timestamp since = {}) {
  Look look;
  auto origin = origin_at(path);
  origin.writer = formats::Writer::present;
  origin.since = since;
  const auto reader = formats::find_format(format)->open(origin);
  reader->resume(context);
  reader->end(look.sink);
  look.context = reader->context();
  return look;
}

}  // namespace agentpipe::test
