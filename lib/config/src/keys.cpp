#include "agentpipe/config/keys.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::config {

namespace {

using base::ErrorCode;

constexpr std::size_t k_shortest = 8;
constexpr std::size_t k_longest = 512;
constexpr std::uint64_t k_max_key_file = 4096;

}  // namespace

base::Result<base::Secret> parse_key(std::string text) {
  const std::string_view key = base::trim(text);
  if (key.size() < k_shortest || key.size() > k_longest) {
    return base::failure(ErrorCode::configuration, "a key has 8 to 512 characters");
  }
  if (!std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return base::failure(ErrorCode::configuration, "a key has only printable ASCII characters, no spaces");
  }
  return base::Secret(std::string(key));
}

base::Result<base::Secret> read_key_file(const std::filesystem::path& path) {
  if (base::readable_by_others(path)) {
    return base::failure(
        ErrorCode::configuration,
        "key file " + path.string() + " can be read by others; run: chmod 600 " + path.string());
  }
  const auto text = base::read_file(path, k_max_key_file);
  if (!text) {
    return base::failure(ErrorCode::configuration, "key file " + path.string() + ": " + text.error().message);
  }
  auto key = parse_key(text->substr(0, text->find('\n')));
  if (!key)
    return base::failure(ErrorCode::configuration, "key file " + path.string() + ": " + key.error().message);
  return key;
}

}  // namespace agentpipe::config
