#pragma once

#include <functional>
#include <stop_token>

#include "agentpipe/base/files.hpp"

namespace agentpipe::cli {

/// The request to stop as something that poll() waits for.
class StopEvent {
 public:
  explicit StopEvent(std::stop_token stop);

  [[nodiscard]] bool requested() const { return stop_.stop_requested(); }
  /// Readable from the request on.
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  void set() const;

  const std::stop_token stop_;
  const base::FileDescriptor event_;
  const std::stop_callback<std::function<void()>> on_stop_;  // last: it may run at once
};

}  // namespace agentpipe::cli
