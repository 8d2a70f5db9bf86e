#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// GET /api/health: who we are and what we can do; clients choose their dialect by it. Cheap.
std::string health_json(std::string_view version, const base::Result<void>& store_health);

}  // namespace agentpipe::service
