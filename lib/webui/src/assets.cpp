#include "agentpipe/webui/assets.hpp"

#include <algorithm>

#include "asset_table.hpp"

namespace agentpipe::webui {

std::span<const Asset> assets() {
  return asset_table();
}

const Asset* find(std::string_view path) {
  const auto table = assets();
  const auto at = std::ranges::lower_bound(table, path, {}, &Asset::path);
  return at != table.end() && at->path == path ? &*at : nullptr;
}

}  // namespace agentpipe::webui
