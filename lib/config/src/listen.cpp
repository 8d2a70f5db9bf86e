#include "agentpipe/base/text.hpp"
#include "agentpipe/base/url.hpp"
#include "agentpipe/config/web_settings.hpp"

namespace agentpipe::config {

namespace {

tl::unexpected<base::Error> bad_address() {
  return base::failure(base::ErrorCode::configuration,
                       "must be an address and a port, such as 127.0.0.1:3000, [::1]:3000 or :3000");
}

constexpr std::size_t k_longest_host = 253;

bool is_host(std::string_view host, std::string_view allowed) {
  return host.size() <= k_longest_host && host.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view k_name = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
constexpr std::string_view k_ipv6 = "0123456789abcdefABCDEF:.%";

}  // namespace

base::Result<ListenAddress> parse_listen(std::string_view text) {
  text = base::trim(text);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_address();
  const auto port = base::parse_number(text.substr(colon + 1));
  if (!port || *port > 65535) return bad_address();
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!is_host(host, bracketed ? k_ipv6 : k_name)) return bad_address();
  // "::" listens on IPv4 too, where the system maps one to the other.
  return ListenAddress{host.empty() ? "::" : std::string(host), static_cast<unsigned>(*port)};
}

std::string to_string(const ListenAddress& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_loopback(const ListenAddress& address) {
  return base::is_loopback_host(address.host);
}

}  // namespace agentpipe::config
