#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::base {

/// An address of the Internet; an IPv4 one is kept as its IPv4-mapped IPv6 form (RFC 4291, 2.5.5.2).
class IpAddress {
 public:
  static constexpr unsigned k_bits = 128;

  /// "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; nothing for anything else.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  /// The first `bits` bits of the 128, the others zero.
  [[nodiscard]] IpAddress network(unsigned bits) const;
  /// What one customer of a provider commonly has: the address itself for IPv4, the /64 for IPv6.
  [[nodiscard]] IpAddress site() const { return network(is_v4() ? k_bits : 64); }
  [[nodiscard]] std::string to_string() const;
  bool operator==(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// All addresses that begin alike.
struct IpRange {
  IpAddress first;
  unsigned bits = IpAddress::k_bits;  ///< of the 128

  [[nodiscard]] bool contains(const IpAddress& address) const { return address.network(bits) == first; }
};

/// "127.0.0.1, 10.0.0.0/8, fd00::/8": addresses and ranges, commas or spaces between them; may be empty. The
/// error names the one that is none.
Result<std::vector<IpRange>> parse_ip_ranges(std::string_view text);

}  // namespace agentpipe::base
