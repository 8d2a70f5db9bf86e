#pragma once

#include <functional>
#include <thread>

#include "agentpipe/delivery/courier.hpp"

namespace agentpipe::delivery {

/// A courier with a thread of its own: an event leaves as soon as it is in the spool and the line is free.
/// The end of its life stops a request under way; what is not acknowledged stays in the spool.
class Sender {
 public:
  /// What has to happen before the first event leaves: returns when it has, or at a stop.
  using Before = std::function<void(const std::stop_token&)>;

  Sender(Spool& spool, Transport& transport, base::Clock& clock, Random random = system_random(),
         Courier::Observer observer = {}, Before before = {});

  [[nodiscard]] DeliveryState state() const { return courier_.state(); }
  /// Waits until all that was accepted so far is dealt with. False: something is still in the spool at the
  /// deadline, or there is no use in waiting for it (a refused key, a server that asks for a longer pause).
  bool drain(base::Deadline deadline, const std::stop_token& stop = {});

 private:
  void work(const std::stop_token& stop);

  Spool& spool_;
  Courier courier_;
  const Before before_;
  std::jthread worker_;
};

}  // namespace agentpipe::delivery
