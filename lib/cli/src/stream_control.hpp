#pragma once

#include <atomic>
#include <stop_token>

#include "agentpipe/cli/signals.hpp"
#include "stop_event.hpp"

namespace agentpipe::cli {

/// What signals mean to a stream. SIGINT: nothing is cut off, because the producer in front got it as well
/// and still has its last words; only the end comes sooner. SIGTERM, SIGHUP: no further input. The second
/// signal: everything stops now. The third, should that hang: the process ends.
class StreamControl {
 public:
  /// Whose end the first SIGINT brings: that of a producer in front, or, without one, that of the input.
  enum class Interrupt : unsigned char { is_for_the_producer, ends_the_input };

  explicit StreamControl(Signals& signals, Interrupt interrupt = Interrupt::is_for_the_producer);

  /// Any signal at all.
  [[nodiscard]] bool signalled() const { return signalled_; }
  [[nodiscard]] std::stop_token no_more_input() const { return input_.get_token(); }
  [[nodiscard]] std::stop_token stop_everything() const { return everything_.get_token(); }
  /// no_more_input() for poll().
  [[nodiscard]] const StopEvent& end_of_input() const { return end_of_input_; }

 private:
  void on_signal(Signal signal, unsigned nth);

  const Interrupt interrupt_;
  std::atomic<bool> signalled_ = false;
  std::stop_source input_;
  std::stop_source everything_;
  const StopEvent end_of_input_;
  Signals::Subscription subscription_;
};

}  // namespace agentpipe::cli
