#pragma once

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "connection.hpp"

namespace agentpipe::store::sqlite {

/// SQLite's quick_check, for at most `length`: what could not be looked at until then is taken on trust, with
/// a line in the log. `internal` when something is damaged.
base::Result<void> check_for_damage(Database& database, const base::Clock& clock, base::Milliseconds length);

}  // namespace agentpipe::store::sqlite
