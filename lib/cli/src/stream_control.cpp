#include "stream_control.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace agentpipe::cli {

StreamControl::StreamControl(Signals& signals, Interrupt interrupt)
    : interrupt_(interrupt),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      subscription_(signals.subscribe([this](Signal signal, unsigned nth) { on_signal(signal, nth); })) {}

void StreamControl::on_signal(Signal signal, unsigned nth) {
  if (nth > 2) std::_Exit(130);
  signalled_ = true;
  const bool for_the_producer = signal == Signal::interrupt && interrupt_ == Interrupt::is_for_the_producer;
  if (nth == 1 && for_the_producer) return;
  input_.request_stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  if (nth == 2) everything_.request_stop();
}

}  // namespace agentpipe::cli
