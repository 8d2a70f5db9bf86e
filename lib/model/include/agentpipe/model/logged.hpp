#pragma once

#include <cstdint>

#include "agentpipe/model/event.hpp"

namespace agentpipe::model {

/// Place in the server's append-only log: 1, 2, 3 … in commit order; 0 stands before the first.
using LogNumber = std::int64_t;

/// An event that is committed; only such may be published. Ids, agent, role and sequence number are filled
/// in.
struct Logged {
  LogNumber number = 0;
  Event event;
};

}  // namespace agentpipe::model
