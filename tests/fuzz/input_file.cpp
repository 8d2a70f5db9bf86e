#include "input_file.hpp"

#include <sqlite3.h>

#include <fstream>
#include <initializer_list>
#include <string>

#include "temporary_directory.hpp"

namespace agentpipe::fuzz {
namespace {

struct Table {
  char letter;
  const char* create;
  const char* insert;
};

struct Schema {
  std::string_view format;
  std::initializer_list<Table> tables;
};

const Schema k_schemas[] = {
    {"opencode",
     {{'s', "CREATE TABLE session(id TEXT PRIMARY KEY,parent_id,directory,title,time_created,time_updated)",
       "INSERT INTO session VALUES(?,?,?,?,?,?)"},
      {'m', "CREATE TABLE message(id TEXT PRIMARY KEY,session_id,time_created,time_updated,data)",
       "INSERT INTO message VALUES(?,?,?,?,?)"},
      {'p', "CREATE TABLE part(id TEXT PRIMARY KEY,message_id,session_id,time_created,time_updated,data)",
       "INSERT INTO part VALUES(?,?,?,?,?,?)"}}},
    {"goose",
     {{'s',
       "CREATE TABLE sessions(id TEXT PRIMARY KEY,name,working_dir,created_at,updated_at,model_config_json,"
       "session_type,parent_session_id,accumulated_total_tokens,accumulated_cost)",
       "INSERT INTO sessions VALUES(?,?,?,?,?,?,?,?,?,?)"},
      {'m',
       "CREATE TABLE messages(id INTEGER PRIMARY "
       "KEY,message_id,session_id,role,content_json,created_timestamp,"
       "metadata_json)",
       "INSERT INTO messages(message_id,session_id,role,content_json,created_timestamp,metadata_json) "
       "VALUES(?,?,?,?,?,?)"},
      {'u',
       "CREATE TABLE usage_ledger(id INTEGER PRIMARY KEY,session_id,created_timestamp,model,input_tokens,"
       "output_tokens,cache_read_tokens,cache_write_tokens,cost,cost_source)",
       "INSERT INTO "
       "usage_ledger(session_id,created_timestamp,model,input_tokens,output_tokens,cache_read_tokens,"
       "cache_write_tokens,cost,cost_source) VALUES(?,?,?,?,?,?,?,?,?)"}}},
};

/// One file that each input replaces.
const std::filesystem::path& scratch() {
  static const test::TemporaryDirectory folder;
  static const std::filesystem::path path = folder.path() / "input";
  return path;
}

std::string_view up_to(char end, std::string_view& text) {
  const auto part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

void insert(sqlite3* database, const Table& table, std::string_view columns) {
  sqlite3_stmt* row = nullptr;
  sqlite3_prepare_v2(database, table.insert, -1, &row, nullptr);
  for (int column = 1; column <= sqlite3_bind_parameter_count(row); ++column) {
    const auto text = up_to('\t', columns);
    if (!text.empty())
      sqlite3_bind_text(row, column, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  sqlite3_step(row);
  sqlite3_finalize(row);
}

void write_database(const Schema& schema, std::string_view rows) {
  sqlite3* database = nullptr;
  sqlite3_open(scratch().c_str(), &database);
  sqlite3_exec(database, "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;BEGIN", nullptr, nullptr, nullptr);
  for (const auto& table : schema.tables) sqlite3_exec(database, table.create, nullptr, nullptr, nullptr);
  while (!rows.empty()) {
    auto line = up_to('\n', rows);
    const auto name = up_to('\t', line);
    for (const auto& table : schema.tables)
      if (name.starts_with(table.letter)) insert(database, table, line);
  }
  sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(database);
}

}  // namespace

std::filesystem::path write_input(std::string_view format, std::string_view bytes) {
  std::filesystem::remove(scratch());
  for (const auto& schema : k_schemas) {
    if (schema.format == format && !bytes.starts_with("SQLite format 3")) {
      write_database(schema, bytes);
      return scratch();
    }
  }
  std::ofstream(scratch(), std::ios::binary) << bytes;
  return scratch();
}

}  // namespace agentpipe::fuzz
