#include "origin_rules.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::http {

namespace {

// "[::1]:3000", "localhost:3000", "localhost."
std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    return end == std::string_view::npos ? std::string() : base::to_lower(authority.substr(1, end - 1));
  }
  auto host = authority.substr(0, authority.find(':'));
  if (host.ends_with('.')) host.remove_suffix(1);
  return base::to_lower(host);
}

bool names_port(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto from = bracket == std::string_view::npos ? 0 : bracket;
  return authority.find(':', from) != std::string_view::npos;
}

// An origin leaves its scheme's own port out; a Host header may spell it.
bool same_authority(std::string_view origin, std::string_view host) {
  const auto scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return false;
  const auto authority = origin.substr(scheme_end + 3);
  if (base::equals_ignore_case(authority, host)) return true;
  const std::string_view port =
      base::equals_ignore_case(origin.substr(0, scheme_end), "https") ? ":443" : ":80";
  return !names_port(authority) && base::equals_ignore_case(std::string(authority).append(port), host);
}

}  // namespace

OriginRules::OriginRules(const std::vector<std::string>& host_names, const std::vector<std::string>& origins)
    : hosts_{"localhost", "127.0.0.1", "::1"} {
  for (const auto& name : host_names) allow_host(name);
  for (const auto& origin : origins) origins_.push_back(base::to_lower(origin));
}

void OriginRules::allow_host(std::string_view name) {
  hosts_.push_back(host_of(name));
}

base::Result<void> OriginRules::check_host(const Request& request, std::string_view local_address) const {
  const auto authority = request.header("host");
  if (!authority) return {};  // HTTP/1.0; no browser speaks it
  const auto host = host_of(*authority);
  if (std::ranges::find(hosts_, host) != hosts_.end()) return {};
  if (host == local_address) return {};
  return base::failure_at(
      "host", base::ErrorCode::forbidden,
      "This server does not answer to that host name; if it should, tell it: --public-url http://NAME:PORT.",
      "unknown_host");
}

base::Result<void> OriginRules::check_origin(const Request& request) const {
  if (is_safe(request.method) || !request.bearer().empty()) return {};
  const auto site = request.header("sec-fetch-site");
  const auto origin = request.header("origin");
  const bool listed = origin && std::ranges::find(origins_, base::to_lower(*origin)) != origins_.end();
  const bool site_fine = !site || *site == "same-origin" || *site == "none";
  const bool origin_fine = !origin || same_authority(*origin, request.header_or_empty("host"));
  if (listed || (site_fine && origin_fine)) return {};
  return base::failure_at(
      "origin", base::ErrorCode::forbidden,
      "Pages of other sites may not change anything here; send an API key instead of a cookie.",
      "foreign_origin");
}

}  // namespace agentpipe::http
