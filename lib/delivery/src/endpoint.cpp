#include "agentpipe/delivery/endpoint.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/url.hpp"

namespace agentpipe::delivery {

namespace {

using base::ErrorCode;
using base::failure;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

base::Result<Endpoint> make_endpoint(std::string_view url, base::Secret api_key, PlainHttp plain_http) {
  const auto parsed = base::parse_base_url(url);
  if (!parsed) return failure(ErrorCode::configuration, "the server's URL " + parsed.error().message);
  if (!is_printable(api_key.reveal())) {
    return failure(ErrorCode::configuration,
                   "the API key contains a space, a line end or another character that no key has");
  }
  const bool exposed = parsed->scheme == "http" && !base::is_loopback_host(parsed->host) && !api_key.empty();
  if (exposed && plain_http == PlainHttp::loopback_only) {
    return failure(ErrorCode::configuration, "the key would go over plain http to " + parsed->host +
                                                 ", where others can read it; use https:// or "
                                                 "--allow-plain-http");
  }
  Endpoint endpoint;
  endpoint.base_url = parsed->text;
  endpoint.api_key = std::move(api_key);
  return endpoint;
}

bool is_loopback(std::string_view url) {
  const auto parsed = base::parse_base_url(url);
  return parsed && base::is_loopback_host(parsed->host);
}

}  // namespace agentpipe::delivery
