#include "client_address.hpp"

#include <doctest/doctest.h>

using namespace agentpipe;

namespace {

std::string client(std::string_view trusted, const std::string& peer, std::string_view forwarded) {
  return http::ClientAddress(base::parse_ip_ranges(trusted).value()).of(peer, forwarded);
}

}  // namespace

TEST_CASE("only a trusted proxy is believed, and only as far as the chain of trust reaches") {
  CHECK(client("", "127.0.0.1", "203.0.113.7") == "127.0.0.1");
  CHECK(client("127.0.0.1", "127.0.0.1", "203.0.113.7") == "203.0.113.7");
  CHECK(client("127.0.0.1", "198.51.100.1", "203.0.113.7") == "198.51.100.1");
  CHECK(client("127.0.0.1", "127.0.0.1", "1.1.1.1, 203.0.113.7") == "203.0.113.7");
  CHECK(client("127.0.0.1 10.0.0.0/8", "127.0.0.1", "1.1.1.1, 203.0.113.7, 10.1.2.3") == "203.0.113.7");
  CHECK(client("127.0.0.1 10.0.0.0/8", "127.0.0.1", "10.9.9.9, 10.1.2.3") == "10.9.9.9");
  CHECK(client("127.0.0.1", "127.0.0.1", "") == "127.0.0.1");
  CHECK(client("127.0.0.1", "127.0.0.1", "unknown") == "127.0.0.1");
  CHECK(client("127.0.0.1", "127.0.0.1", "<script>, 203.0.113.7") == "203.0.113.7");
  CHECK(client("127.0.0.1", "127.0.0.1", "203.0.113.7, 999.1.1.1") == "127.0.0.1");
}
