#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace agentpipe::hub {

/// Which conversation something is about, in a number. Two conversations may share one: whoever is woken by
/// the other's frames looks once in vain.
using Topic = std::size_t;

/// Of a frame: it may concern every subscriber. Of a subscriber: every frame may concern it.
inline constexpr Topic k_every_topic = 0;

/// `session_id`: empty for all, and for what belongs to no conversation.
inline Topic topic_of(std::string_view session_id) {
  return session_id.empty() ? k_every_topic : std::hash<std::string_view>{}(session_id) | 1U;
}

/// What new frames are about, one for each.
using News = std::vector<Topic>;

}  // namespace agentpipe::hub
