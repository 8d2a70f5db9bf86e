#pragma once

#include "connection.hpp"

namespace agentpipe::store::sqlite {

/// Whether the last server stopped in order. False from its start to its end.
base::Result<bool> is_clean(Database& database);
base::Result<void> set_clean(Database& database, bool clean);

}  // namespace agentpipe::store::sqlite
