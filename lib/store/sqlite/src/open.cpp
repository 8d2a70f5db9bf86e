#include "agentpipe/store/sqlite/open.hpp"

#include <fcntl.h>
#include <sqlite3.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "agentpipe/base/files.hpp"
#include "clean_mark.hpp"
#include "connection.hpp"
#include "damage_check.hpp"
#include "log_keeper.hpp"
#include "meta.hpp"
#include "migrations.hpp"
#include "server_lock.hpp"
#include "sqlite_store.hpp"
#include "visiting_store.hpp"

namespace agentpipe::store {

namespace {

using base::ErrorCode;
using base::Result;
using sqlite::Database;
using sqlite::OpenMode;

tl::unexpected<base::Error> cannot(const char* what, const std::filesystem::path& path, int error_number) {
  return base::failure(ErrorCode::io, std::string("Cannot ") + what + " " + path.string() + ": " +
                                          base::system_message(error_number) + ".");
}

/// Makes folder and file with our modes; SQLite would take the umask's. A file that is there is not opened:
/// closing it would drop the locks that another connection of this process holds.
Result<void> prepare_file(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    if (auto made = base::ensure_private_directory(folder); !made) return made;
  }
  const base::FileDescriptor made(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, base::k_private_file));
  if (!made.valid() && errno != EEXIST) return cannot("make the database", path, errno);
  return {};
}

/// What goes wrong before the store stands is told to the operator, with the file's name.
base::Error opening_error(const std::filesystem::path& path, const base::Error& error) {
  if (error.code == ErrorCode::configuration || error.code == ErrorCode::io) return error;
  if (error.reason == sql::k_not_a_database) {
    return {ErrorCode::configuration,
            "The file " + path.string() + " is no database; give the server a file of its own.",
            error.detail,
            {},
            {}};
  }
  return {ErrorCode::io,
          "Cannot open the database " + path.string() + ": " + error.detail + ".",
          error.detail,
          {},
          error.reason};
}

Result<Database> open_main(const SqliteOptions& options) {
  auto database = sqlite::open_database(options.path, OpenMode::read_write, options.busy_timeout);
  if (!database) return database;
  if (sqlite3_db_readonly(sqlite::handle(*database), "main") == 1) {
    return base::failure(ErrorCode::io, "The database " + options.path.string() +
                                            " cannot be written; give this user the right to write it.");
  }
  return database;
}

/// journal_size_limit: a log that once grew large gives its space back when it begins anew.
Result<void> use_write_ahead_log(Database& database, const SqliteOptions& options) {
  return database.execute("PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=" +
                          std::to_string(options.checkpoint_bytes * 2) + ";");
}

/// To the current schema. A visitor may do that only while no server is at work.
Result<void> bring_up_to_date(Database& database, const SqliteOptions& options, bool locked) {
  auto contents = sqlite::identify(database, options.path, sqlite::migrations());
  if (!contents) return base::forward(contents);
  if (auto set = use_write_ahead_log(database, options); !set) return set;
  if (*contents == sqlite::Contents::current) return {};
  base::FileDescriptor lock;
  if (!locked) {
    auto taken = sqlite::take_lock(options.path);
    if (!taken) return base::forward(taken);
    lock = std::move(*taken);
  }
  return sqlite::migrate(database, options.path, sqlite::migrations());
}

/// Checks after an unclean stop; from here on the database counts as unclean until the server's orderly end.
Result<void> begin_service(Database& database, const SqliteOptions& options) {
  auto clean = sqlite::is_clean(database);
  if (!clean) return base::forward(clean);
  if (!*clean) {
    if (auto checked = sqlite::check_for_damage(database, options.clock, options.check_time); !checked)
      return checked;
  }
  return sqlite::set_clean(database, false);
}

Result<Database> open_reader(const SqliteOptions& options) {
  return sqlite::open_database(options.path, OpenMode::read_only, options.busy_timeout);
}

Result<std::vector<Database>> open_readers(const SqliteOptions& options) {
  std::vector<Database> readers;
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    auto reader = open_reader(options);
    if (!reader) return base::forward(reader);
    readers.push_back(std::move(*reader));
  }
  return readers;
}

Result<std::unique_ptr<Store>> serve(const SqliteOptions& options) {
  auto lock = sqlite::take_lock(options.path);
  if (!lock) return base::forward(lock);
  auto main = open_main(options);
  if (!main) return base::forward(main);
  if (auto done = bring_up_to_date(*main, options, true); !done) return base::forward(done);
  if (auto done = begin_service(*main, options); !done) return base::forward(done);
  auto epoch = sql::ensure_epoch(*main);
  if (!epoch) return base::forward(epoch);
  auto last = sql::last_number_seen(*main);
  if (!last) return base::forward(last);
  auto indexed = sqlite::search_watermark(*main);
  if (!indexed) return base::forward(indexed);
  auto readers = open_readers(options);
  if (!readers) return base::forward(readers);
  auto texts = open_reader(options);
  if (!texts) return base::forward(texts);
  auto checkpoints = sqlite::open_database(options.path, OpenMode::read_write, options.busy_timeout);
  if (!checkpoints) return base::forward(checkpoints);
  auto keeper = std::make_unique<sqlite::LogKeeper>(*main, std::move(*checkpoints), options);
  return std::make_unique<sqlite::SqliteStore>(
      sql::Opened{std::move(*lock), std::move(*main), std::move(*readers), std::move(*epoch), *last},
      std::move(keeper), std::move(*texts), *indexed, options);
}

Result<std::unique_ptr<Store>> visit(const SqliteOptions& options) {
  auto main = open_main(options);
  if (!main) return base::forward(main);
  if (auto done = bring_up_to_date(*main, options, false); !done) return base::forward(done);
  auto epoch = sql::ensure_epoch(*main);
  if (!epoch) return base::forward(epoch);
  auto readers = open_readers(options);
  if (!readers) return base::forward(readers);
  return std::make_unique<sql::VisitingStore>(std::move(*main), std::move(*readers), std::move(*epoch));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  if (auto prepared = prepare_file(options.path); !prepared) return base::forward(prepared);
  auto opened = options.access == Access::serve ? serve(options) : visit(options);
  if (opened || opened.error().code == ErrorCode::internal) return opened;
  return tl::unexpected<base::Error>(opening_error(options.path, opened.error()));
}

}  // namespace agentpipe::store
