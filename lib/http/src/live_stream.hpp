#pragma once

#include <memory>

#include "agentpipe/http/log_stream.hpp"
#include "agentpipe/http/routes.hpp"

namespace agentpipe::http {

/// What every stream of this site works with.
std::shared_ptr<const LogStreamWorld> make_live_world(const Site& site);

/// What the request asks to see: filters, naming and cursor. `invalid` when a filter is too long.
base::Result<LogStreamRequest> live_request(const Request& request);

}  // namespace agentpipe::http
