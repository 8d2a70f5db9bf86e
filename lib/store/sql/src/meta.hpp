#pragma once

#include <string>

#include "agentpipe/base/result.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// The database's epoch; makes it when there is none yet.
base::Result<std::string> ensure_epoch(Database& database);

/// What the store notes about itself, by name; empty when there is none.
base::Result<std::string> read_meta(Database& database, const char* key);
base::Result<void> write_meta(Database& database, const char* key, const std::string& value);

}  // namespace agentpipe::store::sql
