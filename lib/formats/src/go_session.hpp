#pragma once

#include "draft.hpp"

namespace agentpipe::formats {

/// Puts the document's messages into the draft, reports those that are none, and hands the events over.
void emit_messages(GoDocument document, Draft& draft, Sink& sink);

}  // namespace agentpipe::formats
