#pragma once

#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

base::Result<void> insert_share(Database& database, const Share& share);
base::Result<std::vector<Share>> read_shares(Database& database, const std::string& session_id);
base::Result<void> end_share(Database& database, const std::string& id, base::Timestamp at);
base::Result<void> touch_share(Database& database, const std::string& id, base::Timestamp at);

}  // namespace agentpipe::store::sql
