#pragma once

#include <string>

#include "agentpipe/base/result.hpp"
#include "database.hpp"

namespace agentpipe::store::sqlite {

/// The database's epoch; makes it when there is none yet.
base::Result<std::string> ensure_epoch(Database& database);

/// Whether the last server stopped in order. False from its start to its end.
base::Result<bool> is_clean(Database& database);
base::Result<void> set_clean(Database& database, bool clean);

}  // namespace agentpipe::store::sqlite
