#pragma once

#include <string>
#include <string_view>

#include "agent_session.hpp"

namespace agentpipe::formats::cursor {

/// A transcript of Cursor's agent on its way to events. It tells neither times nor tokens nor models, and its
/// session's id is in its path alone: `agent-transcripts/<id>.txt`, `agent-transcripts/<id>/<id>.jsonl` and,
/// for subagents, `agent-transcripts/<parent>/subagents/<id>.jsonl`. One thread.
class Chat {
 public:
  explicit Chat(const Origin& origin);

  /// False: there was nothing to show in it.
  bool user(std::string_view text, Sink& sink);
  bool assistant(MessageParts parts, Sink& sink);
  /// What a tool gave back.
  bool result(MessageParts parts, Sink& sink);

  AgentSession session;

 private:
  bool say(std::string_view role, MessageParts parts, Sink& sink);
};

/// What the person typed, out of what Cursor wrapped it in.
std::string_view query_of(std::string_view text);

}  // namespace agentpipe::formats::cursor
