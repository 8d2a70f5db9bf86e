#pragma once

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// Binds the name to the body from now on, and forgets what is older than k_idempotency_life. `conflict` when
/// it stands for another body.
base::Result<void> claim(Database& database, const Idempotency& name, base::Timestamp now);

}  // namespace agentpipe::store::sql
