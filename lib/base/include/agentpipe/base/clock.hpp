#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "agentpipe/base/time.hpp"

namespace agentpipe::base {

/// Where time comes from. Passed in everywhere, so that a test owns it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall clock: for timestamps only, it may jump.
  [[nodiscard]] virtual Timestamp now() const = 0;
  /// Monotonic: for waiting and measuring.
  [[nodiscard]] virtual Ticks ticks() const = 0;
  /// Waits for `length` or until a stop is requested. True: the whole time has passed.
  virtual bool sleep(Milliseconds length, const std::stop_token& stop) = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] Ticks ticks() const override;
  bool sleep(Milliseconds length, const std::stop_token& stop) override;
};

/// Bounds one wait; who has more time waits again.
inline constexpr Milliseconds k_longest_wait{3'600'000};

/// A point on the monotonic clock that whoever may wait is given.
class Deadline {
 public:
  static Deadline after(const Clock& clock, Milliseconds length) { return Deadline(clock.ticks() + length); }
  static Deadline never() { return Deadline(Ticks::max()); }

  [[nodiscard]] bool reached(const Clock& clock) const { return clock.ticks() >= at_; }
  [[nodiscard]] Milliseconds left(const Clock& clock) const;
  [[nodiscard]] Ticks at() const { return at_; }

 private:
  explicit Deadline(Ticks at) : at_(at) {}
  Ticks at_;
};

}  // namespace agentpipe::base
