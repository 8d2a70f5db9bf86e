#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/config/environment.hpp"

namespace agentpipe::cli {

/// The service manager that started us (systemd), as the environment tells: sd_notify(3),
/// sd_watchdog_enabled(3), sd_listen_fds(3). Without one nothing happens. Thread-safe.
class ServiceManager {
 public:
  explicit ServiceManager(const config::Environment& environment);

  /// "READY=1", "STOPPING=1", "WATCHDOG=1", …; nobody waits for an answer.
  void tell(std::string_view state) const;
  /// After so long without "WATCHDOG=1" it starts us anew.
  [[nodiscard]] std::optional<base::Milliseconds> watchdog() const { return watchdog_; }
  /// Listening sockets that it opened for us.
  [[nodiscard]] bool sockets_are_local() const;
  [[nodiscard]] const std::vector<int>& sockets() const { return sockets_; }

 private:
  std::string address_;  // empty: nobody to tell
  std::optional<base::Milliseconds> watchdog_;
  std::vector<int> sockets_;
};

}  // namespace agentpipe::cli
