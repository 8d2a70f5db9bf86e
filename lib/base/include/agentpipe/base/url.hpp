#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"

namespace agentpipe::base {

/// The parts of a base URL that decisions are made on.
struct BaseUrl {
  std::string text;  ///< cleaned
  std::string scheme;
  std::string host;  ///< lower case, without the brackets of an IPv6 address
  unsigned port = 0;
};

/// Cleans ("/api/ingest" and "/" at the end are cut off) and checks: http or https, a host, no user or
/// password, no query or fragment, no spaces. `configuration` otherwise; the message never repeats a
/// password, and reads on behind the name of what it was ("the URL must be …").
Result<BaseUrl> parse_base_url(std::string_view text);

/// localhost, *.localhost, 127.0.0.0/8 and ::1: what never leaves this machine.
bool is_loopback_host(std::string_view host);

}  // namespace agentpipe::base
