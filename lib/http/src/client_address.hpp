#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/ip_address.hpp"

namespace agentpipe::http {

/// The client's address behind proxies that we trust to tell it.
class ClientAddress {
 public:
  explicit ClientAddress(std::vector<base::IpRange> trusted) : trusted_(std::move(trusted)) {}

  [[nodiscard]] bool trusts_anybody() const { return !trusted_.empty(); }
  /// `peer`: the other end of the connection. `forwarded`: X-Forwarded-For, all lines joined. From the right
  /// each trusted address vouches for the one before it; what stands left of the first other one anybody may
  /// have written.
  [[nodiscard]] std::string of(std::string peer, std::string_view forwarded) const;

 private:
  [[nodiscard]] bool trusts(const base::IpAddress& address) const;

  std::vector<base::IpRange> trusted_;
};

}  // namespace agentpipe::http
