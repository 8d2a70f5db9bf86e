#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/http/request.hpp"

namespace agentpipe::http {

/// Keeps other sites' pages from using a browser against us: by a name of theirs that leads to our address,
/// or by a form or script that sends a request with the browser's cookie.
class OriginRules {
 public:
  OriginRules(const std::vector<std::string>& host_names, const std::vector<std::string>& origins);
  void allow_host(std::string_view name);

  /// `local_address`: where the request came in; a browser cannot be led astray by an address. Error: the
  /// request names a host that is none of ours (421), or none at all.
  [[nodiscard]] base::Result<void> check_host(const Request& request, std::string_view local_address) const;
  /// Error (`forbidden`): a request that changes something comes from a page of another origin and carries no
  /// key.
  [[nodiscard]] base::Result<void> check_origin(const Request& request) const;

 private:
  std::vector<std::string> hosts_;    // lower case, without port and brackets
  std::vector<std::string> origins_;  // lower case
};

}  // namespace agentpipe::http
