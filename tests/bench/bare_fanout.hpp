#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "agentpipe/base/files.hpp"

namespace agentpipe::bench {

/// What anybody would write who wants to hand one text to many sockets, and nothing else: a child process
/// with one epoll loop that answers every connection with a first frame, and sends the text to all when told.
class BareFanout {
 public:
  explicit BareFanout(std::string frame);
  BareFanout(const BareFanout&) = delete;
  BareFanout& operator=(const BareFanout&) = delete;
  ~BareFanout();

  [[nodiscard]] unsigned port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  void publish();

 private:
  base::FileDescriptor orders_;
  pid_t pid_ = -1;
  unsigned port_ = 0;
};

}  // namespace agentpipe::bench
