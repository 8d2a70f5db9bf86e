#pragma once

#include <filesystem>
#include <optional>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"

namespace agentpipe::store::sqlite {

/// Can the store write? What passes by itself (a full disk) and what does not (a broken disk or file).
/// Thread-safe.
class Condition {
 public:
  /// `path`: whose disk is watched; below `min_free` bytes nothing is to be written.
  Condition(base::Clock& clock, std::filesystem::path path, std::uint64_t min_free)
      : clock_(clock), path_(std::move(path)), min_free_(min_free) {}

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
  const std::filesystem::path path_;
  const std::uint64_t min_free_;

  // The writer's thread only.
  std::optional<base::Ticks> space_seen_;

  mutable base::Mutex mutex_;
  std::optional<base::Error> broken_ GUARDED_BY(mutex_);
  std::optional<base::Error> passing_ GUARDED_BY(mutex_);
  base::Ticks passing_since_ GUARDED_BY(mutex_){};
};

}  // namespace agentpipe::store::sqlite
