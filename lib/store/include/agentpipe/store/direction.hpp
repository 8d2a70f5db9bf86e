#pragma once

namespace agentpipe::store {

enum class Direction : unsigned char { ascending, descending };

}  // namespace agentpipe::store
