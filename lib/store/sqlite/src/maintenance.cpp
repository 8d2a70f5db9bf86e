#include "agentpipe/store/sqlite/maintenance.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "agentpipe/base/files.hpp"
#include "connection.hpp"
#include "index_cleaner.hpp"
#include "migrations.hpp"
#include "server_lock.hpp"

namespace agentpipe::store {

namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;
using sqlite::Columns;
using sqlite::Database;
using sqlite::OpenMode;

constexpr base::Milliseconds k_patience{5'000};

tl::unexpected<base::Error> trouble(const char* what, const fs::path& path, const std::string& reason) {
  return base::failure(ErrorCode::io,
                       std::string("Cannot ") + what + " " + path.string() + ": " + reason + ".");
}

tl::unexpected<base::Error> trouble(const char* what, const fs::path& path, const base::Error& error) {
  return trouble(what, path, error.detail.empty() ? error.message : error.detail);
}

/// One of ours that is there, of a version we know.
Result<Database> open_ours(const fs::path& path, OpenMode mode) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored))
    return base::failure(ErrorCode::not_found, "There is no database " + path.string() + ".");
  auto database = sqlite::open_database(path, mode, k_patience);
  if (!database) return trouble("open the database", path, database.error());
  auto contents = sqlite::identify(*database, path, sqlite::migrations());
  if (!contents && contents.error().code == ErrorCode::configuration) return base::forward(contents);
  if (!contents) return trouble("read the database", path, contents.error());
  if (*contents == sqlite::Contents::none)
    return base::failure(ErrorCode::configuration, "The database " + path.string() + " is empty.");
  return database;
}

Result<void> collect(Database& database, const char* pragma, std::vector<std::string>& findings) {
  return database.statement(pragma).query([&](Columns& columns) {
    auto finding = columns.take<std::string>();
    if (finding != "ok") findings.push_back(std::move(finding));
  });
}

/// A check that cannot even be run to its end has found something.
std::vector<std::string> findings_in(Database& database) {
  std::vector<std::string> findings;
  for (const char* pragma : {"PRAGMA integrity_check(100)",
                             "SELECT 'row '||rowid||' of '||\"table\"||' refers to nothing' FROM "
                             "pragma_foreign_key_check LIMIT 100"}) {
    if (auto done = collect(database, pragma, findings); !done) findings.push_back(done.error().detail);
  }
  return findings;
}

Result<void> make_private_file(const fs::path& path) {
  const base::FileDescriptor made(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, base::k_private_file));
  if (made.valid()) return {};
  return trouble("make the file", path, base::system_message(errno));
}

Result<void> sync(const fs::path& path) {
  const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.valid() && ::fsync(file.get()) == 0) return {};
  return trouble("write", path, base::system_message(errno));
}

/// A compact copy; nothing of it stays when it fails.
Result<void> copy_to_new_file(Database& database, const fs::path& to) {
  if (auto made = make_private_file(to); !made) return made;
  auto done = database.statement("VACUUM INTO ?").run(to.string());
  if (!done) done = trouble("write", to, done.error());
  if (done) done = sync(to);
  if (done) return {};
  std::error_code ignored;
  fs::remove(to, ignored);
  return done;
}

Result<void> move_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return trouble("rename", from, error.message());
  return {};
}

/// The write-ahead log goes along: without it the file is of an older moment.
Result<fs::path> set_aside(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return fs::path();
  fs::path aside;
  for (int n = 1; aside.empty() || fs::exists(aside, ignored); ++n)
    aside = path.string() + ".before-restore-" + std::to_string(n);
  if (auto moved = move_file(path, aside); !moved) return base::forward(moved);
  const fs::path log = path.string() + "-wal";
  if (fs::exists(log, ignored)) {
    if (auto moved = move_file(log, aside.string() + "-wal"); !moved) return base::forward(moved);
  }
  fs::remove(path.string() + "-shm", ignored);
  return aside;
}

/// Its numbers go on from the backup's, so no cursor of before may be believed.
Result<void> make_epoch_new(const fs::path& path) {
  auto database = open_ours(path, OpenMode::read_write);
  if (!database) return base::forward(database);
  return database->execute("DELETE FROM meta WHERE key='epoch'");
}

Result<void> prepare_restored(const fs::path& backup, const fs::path& ready) {
  auto database = open_ours(backup, OpenMode::read_only);
  if (!database) return base::forward(database);
  if (const auto findings = findings_in(*database); !findings.empty())
    return base::failure(ErrorCode::io,
                         "The backup " + backup.string() + " is damaged: " + findings.front() + ".");
  std::error_code ignored;
  fs::remove(ready, ignored);  // of an attempt that was broken off
  if (auto copied = copy_to_new_file(*database, ready); !copied) return copied;
  return make_epoch_new(ready);
}

}  // namespace

Result<DatabaseReport> check_sqlite(const fs::path& path) {
  auto database = open_ours(path, OpenMode::read_only);
  if (!database) return base::forward(database);
  DatabaseReport report;
  report.findings = findings_in(*database);
  const auto number = [&](const char* sql) { return database->number(sql).value_or(0); };
  report.schema = number("PRAGMA user_version");
  report.sessions = number("SELECT count(*) FROM sessions");
  report.messages = number("SELECT count(*) FROM messages");
  const auto page = static_cast<std::uint64_t>(number("PRAGMA page_size"));
  report.bytes = page * static_cast<std::uint64_t>(number("PRAGMA page_count"));
  report.unused_bytes = page * static_cast<std::uint64_t>(number("PRAGMA freelist_count"));
  return report;
}

Result<std::uint64_t> used_bytes_sqlite(const fs::path& path) {
  auto database = open_ours(path, OpenMode::read_only);
  if (!database) return base::forward(database);
  auto pages =
      database->number("SELECT page_count-freelist_count FROM pragma_page_count,pragma_freelist_count");
  if (!pages) return base::forward(pages);
  const auto size = database->number("PRAGMA page_size");
  if (!size) return base::forward(size);
  return static_cast<std::uint64_t>(*pages * *size);
}

Result<void> backup_sqlite(const fs::path& path, const fs::path& to) {
  auto database = open_ours(path, OpenMode::read_only);
  if (!database) return base::forward(database);
  return copy_to_new_file(*database, to);
}

Result<fs::path> restore_sqlite(const fs::path& backup, const fs::path& path, Present present) {
  std::error_code ignored;
  if (present == Present::refuse && fs::exists(path, ignored)) {
    return base::failure(ErrorCode::conflict, "There is a database " + path.string() +
                                                  " already; --force keeps it aside and takes the backup.");
  }
  if (!path.parent_path().empty()) {
    if (auto made = base::ensure_private_directory(path.parent_path()); !made) return base::forward(made);
  }
  auto lock = sqlite::take_lock(path);
  if (!lock) return base::forward(lock);
  const fs::path ready = path.string() + ".restoring";
  if (auto prepared = prepare_restored(backup, ready); !prepared) return base::forward(prepared);
  auto aside = set_aside(path);
  if (!aside) return aside;
  if (auto moved = move_file(ready, path); !moved) return base::forward(moved);
  if (auto done = sync(path.parent_path().empty() ? fs::path(".") : path.parent_path()); !done)
    return base::forward(done);
  return aside;
}

Result<Vacuumed> vacuum_sqlite(const fs::path& path) {
  auto lock = sqlite::take_lock(path);
  if (!lock) return base::forward(lock);
  auto database = open_ours(path, OpenMode::read_write);
  if (!database) return base::forward(database);
  const auto copy_back = [&] {
    sqlite3_wal_checkpoint_v2(sqlite::handle(*database), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                              nullptr);
  };
  std::error_code ignored;
  Vacuumed sizes;
  copy_back();
  sizes.before = fs::file_size(path, ignored);
  auto done = sqlite::clean_index(*database);
  if (done) done = database->execute("VACUUM");
  if (!done) return trouble("make smaller", path, done.error());
  copy_back();
  sizes.after = fs::file_size(path, ignored);
  return sizes;
}

}  // namespace agentpipe::store
