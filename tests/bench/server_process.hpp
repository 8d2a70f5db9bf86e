#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "agentpipe/base/files.hpp"

namespace agentpipe::bench {

/// Processor time of a process so far.
double cpu_seconds_of(pid_t pid);

/// The real server as a child process on a free port, with a database in `folder`; ended with SIGTERM.
class ServerProcess {
 public:
  ServerProcess(const std::string& binary, const std::filesystem::path& folder);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  [[nodiscard]] unsigned port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] const std::string& key() const { return key_; }
  /// From fork to the first answered request.
  [[nodiscard]] std::chrono::nanoseconds start_time() const { return start_time_; }
  /// Resident memory now and processor time so far.
  [[nodiscard]] std::uint64_t resident_kib() const;
  [[nodiscard]] double cpu_seconds() const;
  /// Until what it does behind its answers, as indexing, has ended; a minute at most.
  void wait_until_idle() const;

 private:
  pid_t pid_ = -1;
  base::FileDescriptor output_;
  unsigned port_ = 0;
  std::string key_ = "ap_live_benchmark_0123456789abcdef";
  std::chrono::nanoseconds start_time_{};
};

}  // namespace agentpipe::bench
