#include "asset_table.hpp"

namespace agentpipe::webui {

std::span<const Asset> asset_table() {
  return {};
}

}  // namespace agentpipe::webui
