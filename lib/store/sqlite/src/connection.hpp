#pragma once

#include <filesystem>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "database.hpp"

struct sqlite3;

namespace agentpipe::store::sqlite {

using sql::Columns;
using sql::Database;
using sql::Rows;
using sql::Statement;

/// What the last failure on this connection means: `unavailable` for a full disk, a busy database and a
/// broken one, `internal` for the rest.
base::Error last_error(sqlite3* connection);

enum class OpenMode : unsigned char { create, read_write, read_only };

/// One connection with our PRAGMAs.
base::Result<Database> open_database(const std::filesystem::path& path, OpenMode mode,
                                     base::Milliseconds busy_timeout);
/// SQLite's own handle of a connection that open_database() made; valid as long as that.
sqlite3* handle(const Database& database);

/// What SQLite says its own way: search_plan.hpp, search_indexer.hpp.
const sql::Dialect& dialect();

}  // namespace agentpipe::store::sqlite
