#include "agentpipe/base/url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace agentpipe;

TEST_CASE("a base URL is cleaned of what people paste behind it") {
  const auto cleaned = [](std::string_view text) {
    const auto url = base::parse_base_url(text);
    return url ? url->text + " " + url->host + " " + std::to_string(url->port)
               : "ERROR " + url.error().message;
  };
  CHECK(cleaned(" http://Host:3000/api/ingest/ ") == "http://Host:3000 host 3000");
  CHECK(cleaned("https://h/base/") == "https://h/base h 443");
  CHECK(cleaned("HTTP://[::1]:80") == "HTTP://[::1]:80 ::1 80");
  for (const char* bad :
       {"", "host:3000", "ftp://h", "http://", "http://u@h", "http://h?x=1", "http://h#x", "http://h:0",
        "http://h:70000", "http://a b", "http://[::1", "http://h:x", "http://h\r\nX: y"}) {
    CHECK_MESSAGE(cleaned(bad).starts_with("ERROR must be a URL"), bad);
  }
}

TEST_CASE("only what never leaves this machine is loopback") {
  for (const char* host : {"localhost", "web.localhost", "127.0.0.1", "127.9.8.7", "::1"})
    CHECK(base::is_loopback_host(host));
  for (const char* host : {"example.org", "127.0.0.1.example.org", "localhost.example.org", "127.0.0.256",
                           "1270.0.1", "::2", "0x7f.1"})
    CHECK_FALSE(base::is_loopback_host(host));
}
