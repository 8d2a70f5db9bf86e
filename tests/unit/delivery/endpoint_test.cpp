#include "agentpipe/delivery/endpoint.hpp"

#include <doctest/doctest.h>

using namespace agentpipe;
using delivery::make_endpoint;
using delivery::PlainHttp;

namespace {

const base::Secret k_key("ap_live_0123456789abcd");

std::string url_of(std::string_view text, PlainHttp plain = PlainHttp::loopback_only) {
  const auto endpoint = make_endpoint(text, k_key, plain);
  return endpoint ? endpoint->base_url : "error: " + endpoint.error().message;
}

}  // namespace

TEST_CASE("a base URL loses its slash and the ingest path, nothing else") {
  CHECK(url_of("https://pipe.example.org") == "https://pipe.example.org");
  CHECK(url_of(" https://pipe.example.org/ ") == "https://pipe.example.org");
  CHECK(url_of("https://pipe.example.org/api/ingest") == "https://pipe.example.org");
  CHECK(url_of("https://pipe.example.org/api/ingest/") == "https://pipe.example.org");
  CHECK(url_of("https://pipe.example.org/team/") == "https://pipe.example.org/team");
  CHECK(url_of("HTTP://LocalHost:3000") == "HTTP://LocalHost:3000");
}

TEST_CASE("a key goes over plain http to this machine only, unless that is allowed") {
  for (const char* url : {"http://localhost:3000", "http://127.0.0.1", "http://127.9.8.7:80",
                          "http://[::1]:3000", "http://web.localhost"}) {
    CAPTURE(url);
    CHECK(delivery::is_loopback(url));
    CHECK(make_endpoint(url, k_key, PlainHttp::loopback_only));
  }
  for (const char* url :
       {"http://pipe.example.org", "http://127.0.0.1.example.org", "http://localhost.example.org",
        "http://127.0.0.256", "http://1270.0.1", "http://[::2]", "http://0x7f.1"}) {
    CAPTURE(url);
    CHECK_FALSE(delivery::is_loopback(url));
    const auto refused = make_endpoint(url, k_key, PlainHttp::loopback_only);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::ErrorCode::configuration);
    CHECK(refused.error().message.find("--allow-plain-http") != std::string::npos);
    CHECK(make_endpoint(url, k_key, PlainHttp::allowed));
    CHECK(make_endpoint(url, base::Secret(), PlainHttp::loopback_only));
  }
}

TEST_CASE("a URL that cannot be meant is refused, and a password in it is not repeated") {
  CHECK(url_of("ftp://x") ==
        "error: the server's URL must be a URL such as https://host:3000: it must begin with http:// or "
        "https://");
  CHECK(url_of("https://me:secret@x") ==
        "error: the server's URL must be a URL such as https://host:3000: no user or password in it; the key "
        "has its own setting");
}

TEST_CASE("a key that would break out of its header is refused and not quoted") {
  const auto refused =
      make_endpoint("https://x", base::Secret("good\r\nX-Evil: 1"), PlainHttp::loopback_only);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "the API key contains a space, a line end or another character that no key has");
}
