#include "stop_event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace agentpipe::cli {

StopEvent::StopEvent(std::stop_token stop)
    : stop_(std::move(stop)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      on_stop_(stop_, [this] { set(); }) {}

void StopEvent::set() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
}

}  // namespace agentpipe::cli
