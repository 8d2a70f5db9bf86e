#include "go_session.hpp"

namespace agentpipe::formats {

void emit_messages(GoDocument document, Draft& draft, Sink& sink) {
  for (const auto place : document.unreadable) {
    sink.problem({0, "messages[" + std::to_string(place - 1) + "] is no message: no Role and no Content"});
  }
  if (!document.messages.empty() && document.messages.front().at) {
    draft.set_origin(std::to_string(document.messages.front().at->time_since_epoch().count()));
  }
  std::uint64_t place = 0;
  for (auto& message : document.messages) draft.add(std::move(message), ++place, sink);
  draft.emit(sink);
}

}  // namespace agentpipe::formats
