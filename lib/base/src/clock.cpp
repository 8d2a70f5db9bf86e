#include "agentpipe/base/clock.hpp"

#include <algorithm>

namespace agentpipe::base {

Timestamp SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Ticks SystemClock::ticks() const {
  return std::chrono::steady_clock::now();
}

bool SystemClock::sleep(Milliseconds length, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, length, [] { return false; });
  return !stop.stop_requested();
}

Milliseconds Deadline::left(const Clock& clock) const {
  if (at_ == Ticks::max()) return Milliseconds::max();
  return std::max(std::chrono::ceil<Milliseconds>(at_ - clock.ticks()), Milliseconds{0});
}

}  // namespace agentpipe::base
