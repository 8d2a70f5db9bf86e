#include "migrations.hpp"

#include <string>
#include <system_error>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/log.hpp"

namespace agentpipe::store::sqlite {

namespace {

using base::ErrorCode;

constexpr std::int64_t k_application_id = 0x41504252;  // "APBR"

base::Result<std::int64_t> version_of(Database& database) {
  return database.number("PRAGMA user_version");
}

/// A name that was taken by an earlier attempt is taken over: that attempt changed nothing.
base::Result<void> keep_copy(Database& database, const std::filesystem::path& path, std::int64_t version) {
  const std::string copy = path.string() + ".version-" + std::to_string(version);
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);
  auto done = database.statement("VACUUM INTO ?").run(copy);
  if (done) std::filesystem::permissions(copy, std::filesystem::perms{base::k_private_file}, ignored);
  return done;
}

base::Result<void> apply(Database& database, const Migration& migration, std::int64_t version) {
  std::string script = "BEGIN IMMEDIATE;";
  script += migration.sql;
  script += ";PRAGMA application_id=" + std::to_string(k_application_id);
  script += ";PRAGMA user_version=" + std::to_string(version) + ";COMMIT;";
  auto done = database.execute(script);
  if (!done) {
    if (auto undone = database.execute("ROLLBACK"); !undone) return done;
  }
  return done;
}

}  // namespace

base::Result<Contents> identify(Database& database, const std::filesystem::path& path,
                                std::span<const Migration> known) {
  auto application = database.number("PRAGMA application_id");
  if (!application) return base::forward(application);
  auto version = version_of(database);
  if (!version) return base::forward(version);
  auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return base::forward(tables);
  if (*application == 0 && *version == 0 && *tables == 0) return Contents::none;
  if (*application != k_application_id) {
    return base::failure(ErrorCode::configuration,
                         "The file " + path.string() +
                             " is another program's database; give the server a file of "
                             "its own.");
  }
  const auto newest = static_cast<std::int64_t>(known.size());
  if (*version > newest) {
    return base::failure(ErrorCode::configuration, "The database " + path.string() + " has schema version " +
                                                       std::to_string(*version) +
                                                       ", this program knows up to " +
                                                       std::to_string(newest) + "; use the newer program.");
  }
  return *version == newest ? Contents::current : Contents::older;
}

base::Result<void> migrate(Database& database, const std::filesystem::path& path,
                           std::span<const Migration> known) {
  auto version = version_of(database);
  if (!version) return base::forward(version);
  const auto from = static_cast<std::size_t>(*version);
  if (from > 0 && from < known.size()) {
    if (auto kept = keep_copy(database, path, *version); !kept) return kept;
  }
  for (std::size_t i = from; i < known.size(); ++i) {
    if (auto applied = apply(database, known[i], static_cast<std::int64_t>(i) + 1); !applied) return applied;
    base::log(base::LogLevel::info, "database schema brought up to date", {{"migration", known[i].name}});
  }
  return {};
}

}  // namespace agentpipe::store::sqlite
