#pragma once

#include <string_view>

#include "agentpipe/base/result.hpp"
#include "draft.hpp"

namespace agentpipe::formats {

/// A document that could not be read, as a problem with its line where that can be told.
void report_document(std::string_view document, const base::Error& error, Sink& sink);

/// Puts the document's messages into the draft, reports those that are none, and hands the events over.
void emit_messages(GoDocument document, Draft& draft, Sink& sink);

}  // namespace agentpipe::formats
