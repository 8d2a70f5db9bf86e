#pragma once

#include <span>

#include "agentpipe/webui/assets.hpp"

namespace agentpipe::webui {

/// The table behind assets(), ordered by path: the generated one, or the empty one of no_assets.cpp.
std::span<const Asset> asset_table();

}  // namespace agentpipe::webui
