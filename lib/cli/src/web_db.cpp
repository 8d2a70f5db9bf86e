#include "web_db.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <ostream>
#include <string>

#include "agentpipe/base/text.hpp"
#include "agentpipe/store/sqlite/maintenance.hpp"
#include "chosen_row.hpp"
#include "web_server.hpp"

namespace agentpipe::cli {

namespace {

namespace fs = std::filesystem;

struct DbOptions {
  std::string file;
  bool force = false;
};

base::Result<ExitCode> check(const DbOptions&, const fs::path& database, World& world) {
  const auto report = store::check_sqlite(database);
  if (!report) return base::forward(report);
  for (const auto& finding : report->findings) world.err << base::terminal_safe(finding) << '\n';
  world.out << database.string() << ": " << (report->findings.empty() ? "sound" : "DAMAGED") << ", schema "
            << report->schema << ", "
            << base::counted(static_cast<std::uint64_t>(report->sessions), "session") << ", "
            << base::counted(static_cast<std::uint64_t>(report->messages), "message") << ", "
            << base::human_bytes(report->bytes) << " (" << base::human_bytes(report->unused_bytes)
            << " unused)\n";
  return report->findings.empty() ? ExitCode::ok : ExitCode::failure;
}

base::Result<ExitCode> backup(const DbOptions& options, const fs::path& database, World& world) {
  const fs::path to = world.working_directory / options.file;
  if (auto done = store::backup_sqlite(database, to); !done) return base::forward(done);
  world.err << "backup written to " << to.string() << '\n';
  return ExitCode::ok;
}

base::Result<ExitCode> restore(const DbOptions& options, const fs::path& database, World& world) {
  const auto present = options.force ? store::Present::keep_aside : store::Present::refuse;
  const auto aside = store::restore_sqlite(world.working_directory / options.file, database, present);
  if (!aside) return base::forward(aside);
  world.err << "restored to " << database.string() << '\n';
  if (!aside->empty()) world.err << "the database of before is kept as " << aside->string() << '\n';
  return ExitCode::ok;
}

base::Result<ExitCode> vacuum(const DbOptions&, const fs::path& database, World& world) {
  const auto sizes = store::vacuum_sqlite(database);
  if (!sizes) return base::forward(sizes);
  world.err << database.string() << ": " << base::human_bytes(sizes->before) << " before, "
            << base::human_bytes(sizes->after) << " after\n";
  return ExitCode::ok;
}

struct DbCommand {
  const char* name;
  const char* summary;
  const char* file;  // what FILE means; null: there is none
  base::Result<ExitCode> (*run)(const DbOptions&, const fs::path&, World&);
};
constexpr std::array k_db_commands{
    DbCommand{"check", "Read every page and index, also beside a running server; exit code 1 on damage",
              nullptr, check},
    DbCommand{"backup", "Copy the database, also beside a running server", "The new file", backup},
    DbCommand{"restore", "Put a backup in the database's place, with the server stopped", "The backup",
              restore},
    DbCommand{"vacuum", "Give unused space back to the disk, with the server stopped", nullptr, vacuum},
};

void describe(CLI::App& command, const DbCommand& row, DbOptions& options) {
  if (row.file != nullptr) command.add_option("file", options.file, row.file)->type_name("FILE")->required();
  if (row.run == restore)
    command.add_flag("--force", options.force, "Keep a database that is there aside, under another name");
}

}  // namespace

std::function<std::optional<base::Result<ExitCode>>(World&)> add_db_command(
    CLI::App& app, const std::shared_ptr<WebOptions>& options) {
  auto* db = app.add_subcommand("db", "Check, back up, restore and shrink the database");
  const auto given = std::make_shared<DbOptions>();
  const auto chosen = add_rows(
      *db, k_db_commands, [&](CLI::App& command, const DbCommand& row) { describe(command, row, *given); });
  return [chosen, given, options](World& world) -> std::optional<base::Result<ExitCode>> {
    const auto* row = chosen();
    if (row == nullptr) return std::nullopt;
    const auto settings = load_web_settings(*options, world);
    if (!settings) return base::Result<ExitCode>(base::forward(settings));
    if (!settings->database->is_file()) {
      return base::failure(
          base::ErrorCode::configuration,
          "`web db` is for SQLite files; for PostgreSQL use its own tools: pg_dump and pg_restore "
          "(schema agentpipe), pg_amcheck, VACUUM.");
    }
    return row->run(*given, settings->database->file(), world);
  };
}

}  // namespace agentpipe::cli
