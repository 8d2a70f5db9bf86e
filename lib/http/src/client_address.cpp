#include "client_address.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"

namespace agentpipe::http {

bool ClientAddress::trusts(const base::IpAddress& address) const {
  return std::ranges::any_of(trusted_, [&](const base::IpRange& range) { return range.contains(address); });
}

std::string ClientAddress::of(std::string peer, std::string_view forwarded) const {
  const auto nearest = base::IpAddress::parse(peer);
  if (!nearest || !trusts(*nearest) || forwarded.empty()) return peer;
  const auto hops = base::split(forwarded, ',');
  std::string client = std::move(peer);
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {  // nearest first
    const auto address = base::IpAddress::parse(base::trim(*hop));
    if (!address) break;
    client = address->to_string();
    if (!trusts(*address)) break;
  }
  return client;
}

}  // namespace agentpipe::http
