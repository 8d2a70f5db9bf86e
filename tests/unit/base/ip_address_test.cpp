#include "agentpipe/base/ip_address.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace agentpipe::base;

namespace {

std::string site(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? address->site().to_string() : "none";
}

bool within(std::string_view ranges, std::string_view address) {
  const auto list = parse_ip_ranges(ranges);
  REQUIRE(list.has_value());
  return std::ranges::any_of(
      *list, [&](const IpRange& range) { return range.contains(*IpAddress::parse(address)); });
}

}  // namespace

TEST_CASE("a customer is an IPv4 address or a /64 of IPv6") {
  CHECK(site("192.0.2.7") == "192.0.2.7");
  CHECK(site("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(site("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  CHECK(site("[2001:db8:1:2::9]") == "2001:db8:1:2::");
  for (const char* none : {"", "192.0.2", "192.0.2.7:80", "example.org", "::1%lo", "1.2.3.4.5"})
    CHECK(site(none) == "none");
}

TEST_CASE("loopback is 127.0.0.0/8 and ::1") {
  CHECK(IpAddress::parse("127.8.9.1")->is_loopback());
  CHECK(IpAddress::parse("::1")->is_loopback());
  CHECK_FALSE(IpAddress::parse("128.0.0.1")->is_loopback());
  CHECK_FALSE(IpAddress::parse("::2")->is_loopback());
}

TEST_CASE("ranges hold what begins like them") {
  CHECK(within("127.0.0.1, 10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(within("127.0.0.1, 10.0.0.0/8", "11.0.0.1"));
  CHECK(within("fd00::/8 192.0.2.128/25", "192.0.2.200"));
  CHECK_FALSE(within("fd00::/8 192.0.2.128/25", "192.0.2.100"));
  CHECK(within("0.0.0.0/0", "8.8.8.8"));
  CHECK_FALSE(within("0.0.0.0/0", "2001:db8::1"));
  CHECK_FALSE(within("", "127.0.0.1"));
  CHECK(parse_ip_ranges("10.0.0.0/33").error().message == "\"10.0.0.0/33\" is no address and no range");
  CHECK(parse_ip_ranges("127.0.0.1 proxy").error().message == "\"proxy\" is no address and no range");
}
