#pragma once

#include <filesystem>
#include <optional>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"

namespace agentpipe::store::sql {

/// The disk that is watched, and how much of it must stay free.
struct Space {
  std::filesystem::path path;  ///< empty: the disk is another machine's matter
  std::uint64_t min_free = 0;
};

/// Can the store write? What passes by itself (a full disk) and what does not (a broken disk or file).
/// Thread-safe.
class Condition {
 public:
  /// Below `space` nothing is to be written.
  Condition(base::Clock& clock, Space space) : clock_(clock), space_(std::move(space)) {}

  /// A transaction failed. After one that is_broken() nothing may be written any more.
  void failed(const base::Error& error);
  void succeeded();
  /// May the writer go on? Asked before each transaction; looks at the disk once a second.
  base::Result<void> may_write();
  /// May a request join the queue?
  base::Result<void> accepts() const;
  /// For people and load balancers.
  base::Result<void> health() const;

 private:
  [[nodiscard]] base::Result<void> enough_space() const;

  base::Clock& clock_;
  const Space space_;

  // The writer's thread only.
  std::optional<base::Ticks> space_seen_;

  mutable base::Mutex mutex_;
  std::optional<base::Error> broken_ GUARDED_BY(mutex_);
  std::optional<base::Error> passing_ GUARDED_BY(mutex_);
  base::Ticks passing_since_ GUARDED_BY(mutex_){};
};

}  // namespace agentpipe::store::sql
