#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"

/// Bytes of `text/event-stream` (WHATWG HTML, section 9.2). The one place that writes them: LF only, no BOM.
namespace agentpipe::hub {

struct SseEvent {
  std::string_view event;  ///< empty: an unnamed event, as EventSource's `onmessage` gets it
  std::string_view id;     ///< empty: the client keeps the id it has
  std::string_view data;   ///< one line
};

/// Appends one event. `invalid`, and nothing appended, when a field would break out of its line (CR, LF or
/// NUL) or is not UTF-8.
base::Result<void> append_sse(std::string& out, const SseEvent& event);

/// ":text\n\n". Line breaks in `text` become spaces.
std::string sse_comment(std::string_view text);
/// "retry: 3000\n\n": how long the client waits before it comes back.
std::string sse_retry(base::Milliseconds wait);

}  // namespace agentpipe::hub
