#pragma once

#include <condition_variable>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/config/environment.hpp"
#include "agentpipe/service/diagnostics.hpp"

namespace agentpipe::cli {

/// Looks which agents' command-line tools are on this host: by PATH, then `TOOL --version`, run directly, one
/// at a time, each for at most 3 s, on a thread of its own. What was found counts for a minute. Thread-safe.
class HostAgents {
 public:
  HostAgents(const base::Clock& clock, const config::Environment& environment);
  ~HostAgents();
  HostAgents(const HostAgents&) = delete;
  HostAgents& operator=(const HostAgents&) = delete;

  /// What is known; an old answer is renewed behind it. With Refresh::now it waits for new answers, at most
  /// 10 s.
  std::vector<service::AgentTool> list(service::Refresh refresh);

 private:
  void work(const std::stop_token& stop);
  [[nodiscard]] bool is_stale() const REQUIRES(mutex_);

  const base::Clock& clock_;
  const std::string path_;
  const std::vector<std::string> tool_environment_;
  base::Mutex mutex_;
  std::condition_variable_any news_;
  std::vector<service::AgentTool> tools_ GUARDED_BY(mutex_);
  base::Ticks looked_at_ GUARDED_BY(mutex_);
  bool wanted_ GUARDED_BY(mutex_) = true;
  std::uint64_t rounds_ GUARDED_BY(mutex_) = 0;  // finished
  bool waited_for_ GUARDED_BY(mutex_) = false;
  std::jthread worker_;  // last: starts when all else stands
};

}  // namespace agentpipe::cli
