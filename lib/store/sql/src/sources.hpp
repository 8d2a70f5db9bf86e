#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/store/batch.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// How far a source has come; a new one is at 0.
struct SourceState {
  std::string id;
  std::uint64_t last_n = 0;
  std::uint64_t missing = 0;
};

base::Result<SourceState> read_source(Database& database, const std::string& id);
base::Result<void> write_source(Database& database, const SourceState& source, base::Timestamp at);

/// Those numbered from `first` on, in order.
base::Result<std::vector<Rejected>> read_rejections(Database& database, const std::string& source_id,
                                                    std::uint64_t first);
base::Result<void> add_rejection(Database& database, const std::string& source_id, const Rejected& rejected);
/// The source has heard of those numbered below `first`.
base::Result<void> forget_rejections(Database& database, const std::string& source_id, std::uint64_t first);

}  // namespace agentpipe::store::sql
