#pragma once

#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

base::Result<void> insert_key(Database& database, const Key& key);
base::Result<std::vector<Key>> read_keys(Database& database);
base::Result<void> mark_revoked(Database& database, const std::string& id_or_name, base::Timestamp at);
base::Result<void> write_uses(Database& database, const std::vector<KeyUse>& uses);

}  // namespace agentpipe::store::sql
