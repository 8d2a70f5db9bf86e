#pragma once

#include <span>

#include "agentpipe/base/result.hpp"
#include "database.hpp"
#include "migration.hpp"

namespace agentpipe::store::postgres {

using sql::Migration;

/// schema/postgres in order.
std::span<const Migration> migrations();

/// Brings the schema "agentpipe" up to date, each step in a transaction of its own; makes it where there is
/// none. `configuration` when it is newer than `known`, or the extension pg_trgm is missing.
base::Result<void> migrate(sql::Database& database, std::span<const Migration> known);
/// Is there nothing to be done?
base::Result<bool> is_current(sql::Database& database, std::span<const Migration> known);

}  // namespace agentpipe::store::postgres
