#include "codex_thread_id.hpp"

#include <charconv>
#include <string>

#include "times.hpp"

namespace agentpipe::formats::codex {
namespace {

constexpr std::size_t k_uuid = 36;

}  // namespace

std::string_view id_from_name(std::string_view name) {
  name = name.substr(0, name.rfind('.'));
  return name.size() > k_uuid ? name.substr(name.size() - k_uuid) : name;
}

std::optional<base::Timestamp> time_in_id(std::string_view id) {
  constexpr std::size_t k_version = 14;
  if (id.size() != k_uuid || id[k_version] != '7') return std::nullopt;
  const auto digits = std::string(id.substr(0, 8)).append(id.substr(9, 4));
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ms, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return time_of_ms(ms);
}

}  // namespace agentpipe::formats::codex
