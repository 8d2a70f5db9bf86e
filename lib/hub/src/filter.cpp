#include "agentpipe/hub/filter.hpp"

#include <algorithm>

namespace agentpipe::hub {

bool Filter::matches(std::string_view session, std::string_view type) const {
  if (!session_id.empty() && session != session_id) return false;
  return types.empty() || std::ranges::find(types, type) != types.end();
}

}  // namespace agentpipe::hub
