#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// How long conversations are kept; 0: for ever, of any size.
struct Retain {
  base::Milliseconds age{};  ///< since their last event was received
  std::uint64_t bytes = 0;   ///< of the database, without what deletions left unused
};

/// Deletes the conversations that were quiet the longest, when they are too old or too much: as a user would,
/// with tombstones, before the watchers' eyes. Of too much only ended ones go, and no more at a call than are
/// too much by their messages: the search index follows later, and the next calls see to what is left. A wall
/// clock that has jumped ahead makes nothing old before the next call: by then it may have been set right.
/// Waits for commits: for a thread of its own.
class Retention {
 public:
  /// `used_bytes`: of the database now.
  Retention(store::Store& store, const base::Clock& clock, Retain retain,
            std::function<base::Result<std::uint64_t>()> used_bytes);

  /// How many went.
  base::Result<std::size_t> tidy();

 private:
  /// No later than it can be after what has passed since the last call.
  base::Timestamp plausible_now();
  base::Result<std::size_t> delete_old();
  base::Result<std::size_t> delete_too_much();
  /// Of those with one of these states; none given: of all.
  base::Result<std::vector<model::Session>> quietest(std::vector<model::Status> status, std::int64_t limit);
  base::Result<void> remove(const std::vector<model::Session>& sessions);

  store::Store& store_;
  const base::Clock& clock_;
  const Retain retain_;
  const std::function<base::Result<std::uint64_t>()> used_bytes_;
  base::Timestamp seen_;
  base::Ticks seen_at_;
};

}  // namespace agentpipe::service
