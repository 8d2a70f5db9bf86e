#include "stream_control.hpp"

#include <cstdlib>

namespace agentpipe::cli {

StreamControl::StreamControl(Signals& signals, Interrupt interrupt)
    : interrupt_(interrupt),
      end_of_input_(input_.get_token()),
      subscription_(signals.subscribe([this](Signal signal, unsigned nth) { on_signal(signal, nth); })) {}

void StreamControl::on_signal(Signal signal, unsigned nth) {
  if (nth > 2) std::_Exit(130);
  signalled_ = true;
  const bool for_the_producer = signal == Signal::interrupt && interrupt_ == Interrupt::is_for_the_producer;
  if (nth == 1 && for_the_producer) return;
  input_.request_stop();
  if (nth == 2) everything_.request_stop();
}

}  // namespace agentpipe::cli
