#include "spool_paths.hpp"

#include <algorithm>
#include <cstdio>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::delivery {

namespace {

constexpr std::string_view k_suffix = ".seg";
constexpr std::size_t k_serial_digits = 8;
constexpr std::size_t k_source_bytes = 16;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

std::string host_and_port(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  std::string text(url.substr(0, url.find('/')));
  std::ranges::replace(text, ':', '-');
  std::ranges::replace_if(
      text, [](char c) { return !is_plain(c); }, '_');
  return text;
}

}  // namespace

std::string segment_name(Serial serial) {
  std::string digits = std::to_string(serial);
  if (digits.size() < k_serial_digits) digits.insert(0, k_serial_digits - digits.size(), '0');
  return digits.append(k_suffix);
}

std::optional<Serial> segment_serial(std::string_view name) {
  if (name.size() != k_serial_digits + k_suffix.size() || !name.ends_with(k_suffix)) return std::nullopt;
  const auto number = base::parse_number(name.substr(0, k_serial_digits));
  return number ? std::optional(static_cast<Serial>(*number)) : std::nullopt;
}

bool is_source_name(std::string_view name) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() == 2 * k_source_bytes && std::ranges::all_of(name, is_hex);
}

std::string new_source_name() {
  return base::to_hex(base::random_bytes(k_source_bytes));
}

std::string destination_name(std::string_view url) {
  constexpr std::size_t k_readable = 40;
  constexpr std::size_t k_digest = 16;
  return host_and_port(url).substr(0, k_readable) + "-" + base::sha256_hex(url).substr(0, k_digest);
}

}  // namespace agentpipe::delivery
