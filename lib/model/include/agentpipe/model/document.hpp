#pragma once

#include <string>

#include "agentpipe/model/event.hpp"

/// The pieces of encode_upload, for documents too large to hold. Thread-safe.
namespace agentpipe::model {

/// `"conversation":{…},"agents":[…]`, without braces around it. `started` holds a ConversationStarted;
/// `completed`, which may be null, a ConversationCompleted.
std::string encode_document_head(const Event& started, const Event* completed);
/// A message, or a note, as it stands in its array.
std::string encode_document_entry(const Event& event);

}  // namespace agentpipe::model
