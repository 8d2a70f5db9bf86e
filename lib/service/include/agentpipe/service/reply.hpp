#pragma once

#include <functional>
#include <string>

#include "agentpipe/base/result.hpp"

namespace agentpipe::service {

/// The answer to a write: `created` becomes 201, otherwise 200. `json` is the body.
struct Reply {
  bool created = false;
  std::string json;
};

/// Called once, on any thread, after the commit.
using ReplyDone = std::function<void(base::Result<Reply>)>;

}  // namespace agentpipe::service
