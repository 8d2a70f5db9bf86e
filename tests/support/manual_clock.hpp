#pragma once

#include <vector>

#include "agentpipe/base/clock.hpp"

namespace agentpipe::test {

/// A clock that stands still until told; sleeping moves it on at once and is recorded. One thread.
class ManualClock final : public base::Clock {
 public:
  explicit ManualClock(base::Timestamp now = base::Timestamp{std::chrono::seconds{1'767'600'000}})
      : now_(now) {}

  [[nodiscard]] base::Timestamp now() const override { return now_; }
  [[nodiscard]] base::Ticks ticks() const override { return ticks_; }
  bool sleep(base::Milliseconds length, const std::stop_token& stop) override {
    if (stop.stop_requested()) return false;
    slept.push_back(length);
    advance(length);
    return true;
  }

  void advance(base::Milliseconds length) {
    now_ += length;
    ticks_ += length;
  }
  /// The wall clock jumps, the monotonic one does not.
  void jump(base::Milliseconds length) { now_ += length; }

  std::vector<base::Milliseconds> slept;

 private:
  base::Timestamp now_;
  base::Ticks ticks_{};
};

}  // namespace agentpipe::test
