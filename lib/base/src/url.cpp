#include "agentpipe/base/url.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::base {

namespace {

constexpr std::size_t k_max_url_bytes = 2048;

tl::unexpected<Error> bad(std::string_view what) {
  return failure(ErrorCode::configuration, "must be a URL such as https://host:3000: " + std::string(what));
}

std::string_view cut_end(std::string_view text, std::string_view end) {
  return text.ends_with(end) ? text.substr(0, text.size() - end.size()) : text;
}

std::string_view cleaned(std::string_view text) {
  text = trim(text);
  while (text.ends_with('/')) text.remove_suffix(1);
  text = cut_end(text, "/api/ingest");
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c != '\x7f' && c != '\\' && c != '"'; });
}

struct Authority {
  std::string_view host;
  std::string_view port;
  bool closed = true;  // an IPv6 address has its closing bracket and nothing but a port behind it
};

Authority parse_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {{}, {}, false};
    const std::string_view rest = text.substr(end + 1);
    return {text.substr(1, end - 1), rest.empty() ? rest : rest.substr(1),
            rest.empty() || rest.front() == ':'};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
  });
}

}  // namespace

Result<BaseUrl> parse_base_url(std::string_view text) {
  if (text.size() > k_max_url_bytes) return bad("longer than " + std::to_string(k_max_url_bytes) + " bytes");
  const std::string_view clean = cleaned(text);
  if (!is_printable(clean)) return bad("it holds spaces or characters that no URL has");
  const std::size_t mark = clean.find("://");
  const std::string scheme = to_lower(clean.substr(0, mark == std::string_view::npos ? 0 : mark));
  if (scheme != "http" && scheme != "https") return bad("it must begin with http:// or https://");
  const std::string_view rest = clean.substr(mark + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos)
    return bad("no user or password in it; the key has its own setting");
  if (rest.find_first_of("?#") != std::string_view::npos) return bad("no query or fragment");
  const Authority parts = parse_authority(authority);
  if (!parts.closed || !is_host(parts.host)) return bad("the host name is missing or malformed");
  const auto port =
      parts.port.empty() ? (scheme == "https" ? 443 : 80) : parse_number(parts.port).value_or(0);
  if (port == 0 || port > 65535) return bad("the port must be 1 to 65535");
  return BaseUrl{std::string(clean), scheme, to_lower(parts.host), static_cast<unsigned>(port)};
}

bool is_loopback_host(std::string_view host) {
  const std::string lower = to_lower(host);
  if (lower == "localhost" || lower.ends_with(".localhost") || lower == "::1") return true;
  const auto parts = split(lower, '.');
  return parts.size() == 4 && parts.front() == "127" && std::ranges::all_of(parts, [](std::string_view part) {
           return parse_number(part).value_or(256) < 256;
         });
}

}  // namespace agentpipe::base
