#pragma once

#include <string>
#include <vector>

#include "agentpipe/model/event.hpp"

namespace agentpipe::model {

/// One whole session: `started` first, then messages and notes in order, then `completed` if the session has
/// ended. All events carry the same conversation id.
struct Upload {
  std::vector<Event> events;

  [[nodiscard]] const ConversationStarted& started() const {
    return std::get<ConversationStarted>(events.front().body);
  }
  bool operator==(const Upload&) const = default;
};

}  // namespace agentpipe::model
