#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "agentpipe/base/thread_annotations.hpp"

namespace agentpipe::http {

/// How many streams each caller has open. Thread-safe.
class StreamQuota {
 public:
  explicit StreamQuota(std::size_t most) : most_(most) {}

  /// False: the caller has as many as it may have. The nameless are not counted.
  bool enter(const std::string& caller) EXCLUDES(mutex_) {
    if (caller.empty()) return true;
    const base::MutexLock lock(mutex_);
    auto& count = open_[caller];
    if (count >= most_) return false;
    ++count;
    return true;
  }
  void leave(const std::string& caller) EXCLUDES(mutex_) {
    if (caller.empty()) return;
    const base::MutexLock lock(mutex_);
    const auto found = open_.find(caller);
    if (found != open_.end() && --found->second == 0) open_.erase(found);
  }

 private:
  const std::size_t most_;
  base::Mutex mutex_;
  std::unordered_map<std::string, std::size_t> open_ GUARDED_BY(mutex_);
};

}  // namespace agentpipe::http
