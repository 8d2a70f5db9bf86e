#pragma once

#include <memory>
#include <string>

#include "agentpipe/delivery/endpoint.hpp"
#include "agentpipe/delivery/transport.hpp"

namespace agentpipe::delivery {

/// Sends over HTTP/1.1 with libcurl; one connection is kept and used again. TLS certificates are always
/// verified, redirects never followed. Proxies come from the environment (https_proxy, no_proxy …), but not
/// for loopback. The key leaves only as an Authorization header. `user_agent`: "agentpipe-bridge/1.2.3". A
/// stop ends a request within milliseconds. Throws std::runtime_error when libcurl cannot start.
std::unique_ptr<Transport> make_curl_transport(const Endpoint& endpoint, const std::string& user_agent);

}  // namespace agentpipe::delivery
