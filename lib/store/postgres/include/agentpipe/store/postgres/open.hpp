#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/store/options.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::store {

struct PostgresOptions {
  std::string url;     ///< "postgresql://…" as libpq reads it; a password in it is told to nobody else
  base::Clock& clock;  ///< thread-safe; outlives the store
  Access access = Access::serve;
  QueueLimits queue = {};
  std::size_t readers = 4;
};

/// Opens the schema "agentpipe" of a PostgreSQL database (14 or later), or creates it; brings an older one up
/// to date. One server at a time: it holds an advisory lock as long as its connection lives. A connection
/// that is lost is made again with the next request; meanwhile appends answer `unavailable`, reason
/// "database_unreachable". `configuration`: newer schema, another server has it open, a database that does
/// not fit (encoding, missing pg_trgm, asynchronous commits). `io`: it cannot be reached or refuses us.
base::Result<std::unique_ptr<Store>> open_postgres(const PostgresOptions& options);

}  // namespace agentpipe::store
