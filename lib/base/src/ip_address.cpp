#include "agentpipe/base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "agentpipe/base/text.hpp"

namespace agentpipe::base {

namespace {

constexpr std::array<std::uint8_t, 12> k_v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned k_v4_prefix_bits = 96;

std::optional<IpRange> parse_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return IpRange{*address, IpAddress::k_bits};
  const auto bits = parse_number(text.substr(slash + 1));
  const unsigned before = address->is_v4() ? k_v4_prefix_bits : 0;
  if (!bits || *bits > IpAddress::k_bits - before) return std::nullopt;
  const auto all = static_cast<unsigned>(*bits) + before;
  return IpRange{address->network(all), all};
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const std::string address(text);
  IpAddress parsed;
  if (inet_pton(AF_INET6, address.c_str(), parsed.bytes_.data()) == 1) return parsed;
  std::array<std::uint8_t, 4> v4{};
  if (inet_pton(AF_INET, address.c_str(), v4.data()) != 1) return std::nullopt;
  std::ranges::copy(k_v4_prefix, parsed.bytes_.begin());
  std::ranges::copy(v4, parsed.bytes_.begin() + k_v4_prefix.size());
  return parsed;
}

bool IpAddress::is_v4() const {
  return std::equal(k_v4_prefix.begin(), k_v4_prefix.end(), bytes_.begin());
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes_[k_v4_prefix.size()] == 127;
  IpAddress one;
  one.bytes_.back() = 1;
  return *this == one;
}

IpAddress IpAddress::network(unsigned bits) const {
  IpAddress cut = *this;
  for (unsigned i = 0; i < cut.bytes_.size(); ++i) {
    const unsigned kept = std::min(bits - std::min(bits, i * 8), 8U);
    cut.bytes_[i] &= static_cast<std::uint8_t>(0xFF00U >> kept);
  }
  return cut;
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* from = is_v4() ? bytes_.data() + k_v4_prefix.size() : bytes_.data();
  inet_ntop(is_v4() ? AF_INET : AF_INET6, from, text.data(), text.size());
  return text.data();
}

Result<std::vector<IpRange>> parse_ip_ranges(std::string_view text) {
  std::vector<IpRange> ranges;
  std::string words(text);
  std::ranges::replace(words, ',', ' ');
  for (const auto word : split(words, ' ')) {
    if (word.empty()) continue;
    const auto range = parse_range(word);
    if (!range)
      return failure(ErrorCode::invalid, "\"" + one_line(word, 60) + "\" is no address and no range");
    ranges.push_back(*range);
  }
  return ranges;
}

}  // namespace agentpipe::base
