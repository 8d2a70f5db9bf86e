#include "cursor_chat.hpp"

#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats::cursor {
namespace {

constexpr std::string_view k_source = "cursor";

}  // namespace

std::string_view query_of(std::string_view text) {
  constexpr std::string_view k_begin = "<user_query>", k_end = "</user_query>";
  const auto begin = text.find(k_begin);
  const auto end = text.rfind(k_end);
  const bool wrapped = begin != std::string_view::npos && end != std::string_view::npos && begin < end;
  return base::trim(wrapped ? text.substr(begin + k_begin.size(), end - begin - k_begin.size()) : text);
}

Chat::Chat(const Origin& origin) : session(k_source, origin.name.substr(0, origin.name.rfind('.')), origin) {
  session.join(k_user, k_user);
  session.join(k_source, k_source, "Cursor Agent");
  const auto folder = origin.path.parent_path();
  if (folder.filename() != "subagents") return;
  session.started.parent_conversation_id =
      AgentSession(k_source, folder.parent_path().filename().string(), origin).id();
}

bool Chat::user(std::string_view text, Sink& sink) {
  return session.prompt({}, {}, query_of(text), sink);
}

bool Chat::assistant(MessageParts parts, Sink& sink) {
  return say("assistant", std::move(parts), sink);
}

bool Chat::result(MessageParts parts, Sink& sink) {
  return say("tool", std::move(parts), sink);
}

bool Chat::say(std::string_view role, MessageParts parts, Sink& sink) {
  if (parts.empty()) return false;
  AgentMessage message;
  message.agent_id = std::string(k_source);
  message.role = std::string(role);
  message.parts = std::move(parts);
  return session.message({}, std::move(message), sink);
}

}  // namespace agentpipe::formats::cursor
