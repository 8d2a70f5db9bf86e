#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// GET /api/health: who we are and what we can do; clients choose their dialect by it. Cheap.
/// `database`: the store's epoch, by which a client knows that what it remembers is meant for this one.
std::string health_json(std::string_view version, std::string_view database,
                        const base::Result<void>& store_health);

}  // namespace agentpipe::service
