#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/secret.hpp"
#include "agentpipe/base/time.hpp"

namespace agentpipe::delivery {

/// Where requests go and how. Comes from make_endpoint(), which checks it.
struct Endpoint {
  std::string base_url;  ///< without trailing '/' and without "/api/ingest"
  base::Secret api_key;  ///< empty: no Authorization header
  base::Milliseconds connect_timeout{5000};
  base::Milliseconds stall_timeout{10'000};  ///< no byte in either direction for so long
  base::Milliseconds total_timeout{10'000};
  std::string ca_file;  ///< empty: the system's
};

/// May the key cross a network in clear text?
enum class PlainHttp : unsigned char { loopback_only, allowed };

/// Checks and cleans `url`: http or https, a host, no user name, no query. A trailing "/" or "/api/ingest" is
/// cut off. `configuration` when the URL cannot be used, when the key would cross a network over plain http,
/// or when the key holds characters that cannot stand in a header. Time-outs have their defaults; the caller
/// may change them.
base::Result<Endpoint> make_endpoint(std::string_view url, base::Secret api_key, PlainHttp plain_http);

/// Does the URL lead to this machine? "localhost" and its subdomains, 127.0.0.0/8, [::1].
bool is_loopback(std::string_view url);

}  // namespace agentpipe::delivery
