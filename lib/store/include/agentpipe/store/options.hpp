#pragma once

#include <cstddef>

#include "agentpipe/base/time.hpp"

namespace agentpipe::store {

/// What the caller is to the database.
enum class Access : unsigned char {
  serve,  ///< its one server: takes the lock, writes the log
  visit,  ///< a tool beside a running server: reads, and changes keys; append() answers `unavailable`
};

struct QueueLimits {
  // So full a queue, or an older first request, refuses the next one (reliability: the client comes again).
  std::size_t events = 10'000;
  std::size_t bytes = 64UL << 20U;
  base::Milliseconds wait{2'000};
  // What one transaction takes at most, so that a bulk upload does not hold up single events.
  std::size_t group_events = 1'024;
  std::size_t group_bytes = 4UL << 20U;
};

}  // namespace agentpipe::store
