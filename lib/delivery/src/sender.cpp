#include "agentpipe/delivery/sender.hpp"

namespace agentpipe::delivery {

Sender::Sender(Spool& spool, Transport& transport, base::Clock& clock, Random random,
               Courier::Observer observer, Before before)
    : spool_(spool),
      courier_(spool, transport, clock, std::move(random), std::move(observer)),
      before_(std::move(before)),
      worker_([this](const std::stop_token& stop) { work(stop); }) {}

void Sender::work(const std::stop_token& stop) {
  if (before_) before_(stop);
  courier_.greet(stop);
  while (!stop.stop_requested()) {
    if (spool_.wait(courier_.done(), base::k_longest_wait, stop)) courier_.deliver(stop);
  }
}

bool Sender::drain(base::Deadline deadline, const std::stop_token& stop) {
  courier_.hurry();
  return courier_.await(spool_.last_appended(), deadline, stop);
}

}  // namespace agentpipe::delivery
