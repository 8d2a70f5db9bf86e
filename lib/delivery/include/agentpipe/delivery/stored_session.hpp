#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "agentpipe/delivery/transport.hpp"
#include "agentpipe/model/event.hpp"

/// The existing server cannot tell a repeated event from a new one, so who is not sure whether one arrived
/// asks it for the conversation.
namespace agentpipe::delivery {

/// What such a server has of one conversation.
struct StoredSession {
  std::string status{};                           ///< "ACTIVE", "COMPLETED", …; empty: it has nothing of it
  std::set<std::string, std::less<>> messages{};  ///< their ids, as the plain dialect writes them
  std::string error{};                            ///< what the last error said

  /// Is the event certainly there? Of others than a beginning and messages that cannot be told.
  [[nodiscard]] bool has(const model::Event& event) const;
  bool operator==(const StoredSession&) const = default;
};

/// What to GET for it.
Request session_request(std::string_view conversation_id);
/// Nothing when that is no usable answer.
std::optional<StoredSession> read_session(const Response& answer);

/// A message's id for a server on which it must be unique over all conversations.
std::string plain_message_id(const model::MessageCreated& message);

}  // namespace agentpipe::delivery
