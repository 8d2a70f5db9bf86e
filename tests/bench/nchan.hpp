#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace agentpipe::bench {

/// nginx with nchan (Debian: nginx-light, libnginx-mod-nchan), one process on a free port: a server of event
/// streams that is known for being fast. What is published at "/publish" goes to all who listen at "/".
class Nchan {
 public:
  /// Is it installed here?
  static bool installed();

  /// Its configuration lies in `folder`. Has one message already, which each listener gets first. Throws
  /// std::runtime_error when it does not start.
  explicit Nchan(const std::filesystem::path& folder);
  Nchan(const Nchan&) = delete;
  Nchan& operator=(const Nchan&) = delete;
  ~Nchan();

  [[nodiscard]] unsigned port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  void publish(const std::string& text) const;

 private:
  pid_t pid_ = -1;
  unsigned port_ = 0;
};

}  // namespace agentpipe::bench
