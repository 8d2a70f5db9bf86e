#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "agentpipe/model/event.hpp"

namespace agentpipe::test {

/// When the events of these tests happened.
inline const base::Timestamp k_happened{std::chrono::seconds{1'767'600'000}};

inline model::Event message_event(const std::string& id, const std::string& conversation = "c") {
  model::MessageCreated made;
  made.conversation_id = conversation;
  made.message_id = id;
  return {k_happened, std::move(made)};
}

}  // namespace agentpipe::test
