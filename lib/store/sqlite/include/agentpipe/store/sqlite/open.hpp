#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/store/options.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::store {

struct SqliteOptions {
  std::filesystem::path path;  ///< the database; its folder is made with mode 0700, the file with 0600
  base::Clock& clock;          ///< thread-safe; outlives the store
  Access access = Access::serve;

  QueueLimits queue = {};
  base::Milliseconds busy_timeout{5'000};
  base::Milliseconds check_time{5'000};          ///< at most, for the check after an unclean stop
  std::uint64_t checkpoint_bytes = 16UL << 20U;  ///< WAL size from which it is copied back beside the writer
  std::uint64_t wal_limit = 256UL << 20U;      ///< WAL size at which the writer itself stops to copy it back
  std::uint64_t min_free_bytes = 64UL << 20U;  ///< below this on the disk nothing is accepted
  std::size_t readers = 2;
};

/// Opens the database, or creates it; brings an older schema up to date (a copy of the file is kept beside
/// it). `configuration`: newer schema, another program's file, another server has it open. `io`: it cannot be
/// opened or written. `internal`: it is damaged.
base::Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace agentpipe::store
