#include "web_signals.hpp"

#include <cstdlib>
#include <utility>

namespace agentpipe::cli {

ServerSignals::ServerSignals(const World& world)
    : on_terminal_(world.in_channel.is_terminal || world.err_channel.is_terminal),
      subscription_(world.signals.subscribe([this](Signal signal, unsigned) { take(signal); })) {}

void ServerSignals::take(Signal signal) {
  const base::MutexLock lock(mutex_);
  if (signal == Signal::hangup && !on_terminal_) {
    reload_ = true;
  } else if (++stops_ > 1) {
    std::_Exit(130);
  }
  changed_.notify_one();
}

ServerSignals::Wish ServerSignals::wait() {
  const base::MutexLock lock(mutex_);
  while (!reload_ && stops_ == 0) changed_.wait(mutex_);
  if (stops_ > 0) return Wish::stop;
  reload_ = false;
  return Wish::reload;
}

}  // namespace agentpipe::cli
