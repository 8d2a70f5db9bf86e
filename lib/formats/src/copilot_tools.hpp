#pragma once

#include <string>
#include <unordered_map>

#include "copilot_chat.hpp"

namespace agentpipe::formats::copilot {

/// Tools at work, from their calls to what they gave back, as a conversation tells them. One thread.
class Tools {
 public:
  explicit Tools(Chat& chat) : chat_(chat) {}

  /// The person started it: it is in no answer.
  void requested(const Entry& entry, Sink& sink);
  void started(const Entry& entry, Sink& sink);
  void completed(const Entry& entry, Sink& sink);

 private:
  Chat& chat_;
  std::unordered_map<std::string, base::Timestamp> running_;  ///< since when, by the call's id
};

}  // namespace agentpipe::formats::copilot
