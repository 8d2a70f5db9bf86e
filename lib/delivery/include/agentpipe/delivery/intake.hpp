#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>

#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/spool.hpp"

namespace agentpipe::delivery {

/// The input side of a spool: decides what happens when it is full. Never drops what is older, as that would
/// orphan the rest. One thread.
class Intake {
 public:
  explicit Intake(Spool& spool) : spool_(spool) {}

  /// Hands the event to the spool. When that is full, waits for room, but not longer than `patience` in one
  /// row: then events are dropped (false) at once until there is room again.
  bool accept(std::string_view event, base::Milliseconds patience, const std::stop_token& stop);

  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  Spool& spool_;
  std::uint64_t dropped_ = 0;
  bool out_of_patience_ = false;
};

}  // namespace agentpipe::delivery
