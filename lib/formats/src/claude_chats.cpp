#include "claude_chats.hpp"

#include <algorithm>

#include "agentpipe/formats/ledger.hpp"
#include "claude_meta.hpp"
#include "claude_text.hpp"

namespace agentpipe::formats::claude {
namespace {

constexpr std::string_view k_subagent = "subagent";

bool is_task(std::string_view tool) {
  return tool == "Task" || tool == "Agent";
}

void introduce(AgentSession& session, const Node& record) {
  if (session.begun()) return;
  session.join(k_user, k_user);
  session.join(k_source, k_source, "Claude Code");
  auto& agent = session.started.participants.back();
  if (const auto version = record["version"].label()) agent.cli_version = version;
  if (const auto cwd = record["cwd"].label()) session.started.cwd = cwd;
}

}  // namespace

void Chat::close_lanes(Sink& sink) {
  for (auto& [root, lane] : lanes) lane.close(conversation, sink);
}

Chat& Chats::add(const std::string& place, const std::string& native_id) {
  auto& chat = chats_[place];
  if (!chat) chat = std::make_unique<Chat>(Chat{{AgentSession(k_source, native_id, origin_), {}, {}}, {}});
  return *chat;
}

Chat& Chats::of(const Node& record) {
  auto session_id = record.either("sessionId", "session_id").text();
  if (session_id.empty()) session_id = last_session_;
  if (session_id.empty()) session_id = origin_.name.substr(0, origin_.name.rfind('.'));
  last_session_ = session_id;
  const auto call = record["parent_tool_use_id"].text();
  if (!call.empty()) return subagent_of(record, session_id, call);
  const auto agent = record["agentId"].text();
  if (!agent.empty() && record["isSidechain"].is_true())
    return subagent_of(record, session_id, "agent-" + agent);
  auto& chat = add(session_id, session_id);
  introduce(chat.conversation.session, record);
  return chat;
}

Chat* Chats::with(std::string_view uuid) {
  const auto found = std::find_if(chats_.begin(), chats_.end(), [&](const auto& each) {
    return each.second->conversation.seen.has_record(uuid);
  });
  return found == chats_.end() ? nullptr : found->second.get();
}

Chat& Chats::subagent_of(const Node& record, const std::string& session_id, const std::string& key) {
  const auto place = session_id + ":" + key;
  if (const auto known = chats_.find(place); known != chats_.end()) return *known->second;
  const auto meta = read_meta(origin_);
  auto& chat = add(place, session_id + ":" + (meta.call_id.empty() ? key : meta.call_id));
  auto& session = chat.conversation.session;
  session.started.parent_conversation_id = AgentSession(k_source, session_id, origin_).id();
  session.started.cwd = record["cwd"].label();
  session.started.name = meta.description;
  if (const auto parent = chats_.find(session_id); parent != chats_.end()) {
    const auto& calls = parent->second->conversation.open_calls;
    if (const auto made = calls.find(key); made != calls.end())
      session.started.parent_message_id = made->second.message_id;
  }
  session.join(k_source, k_source, "Claude Code");
  session.join(k_subagent, k_source, meta.type ? meta.type : "Subagent");
  return chat;
}

void Chats::note_tasks(const Node& content) {
  content.each([&](const Node& block) {
    if (!is_task(block["name"].view())) return;
    const auto input = block["input"];
    tasks_.emplace(hash(input["prompt"].view()), input.either("description", "subagent_type").text());
  });
}

/// Older files have the records of subagents between the others: each chain has a root that the Task tool's
/// prompt made.
std::string Chats::side_chain_of(const Node& record) {
  const auto uuid = record["uuid"].view();
  const auto parent = side_chains_.find(hash(record["parentUuid"].view()));
  auto root = parent == side_chains_.end() ? std::string(uuid) : parent->second;
  side_chains_.emplace(hash(uuid), root);
  return root;
}

Lane& Chats::lane_of(const Node& record, Chat& chat) {
  const bool side = record["isSidechain"].is_true();
  const bool by_call = !record["parent_tool_use_id"].view().empty();
  const auto find = [&](const std::string& key, std::string_view agent, std::string_view prompter,
                        Seen::Chain chain, Lane::Prompts prompts) -> Lane& {
    return chat.lanes.try_emplace(key, std::string(agent), std::string(prompter), chain, prompts)
        .first->second;
  };
  if (by_call || (side && !record["agentId"].view().empty()))
    return find("", k_subagent, k_source, Seen::Chain::side, Lane::Prompts::by_text);
  if (!side) return find("", k_source, k_user, Seen::Chain::main, Lane::Prompts::by_record);
  const auto root = side_chain_of(record);
  if (const auto known = chat.lanes.find(root); known != chat.lanes.end()) return known->second;
  constexpr std::size_t k_short = 8;
  const auto agent = "subagent-" + root.substr(0, k_short);
  const auto task = tasks_.find(hash(text_of(record["message"]["content"])));
  chat.conversation.session.join(agent, k_source, task == tasks_.end() ? "Subagent" : task->second);
  return find(root, agent, k_source, Seen::Chain::side, Lane::Prompts::by_record);
}

/// A copy says of which session it is one; that one has the record when its file lies here. Empty: it is
/// none, or the original is not there.
std::string Chats::copied_from(const Node& record) {
  const auto session = forked_from(record);
  if (session.empty()) return {};
  const auto [known, is_new] = lies_beside_.try_emplace(session, false);
  std::error_code error;
  if (is_new) known->second = std::filesystem::exists(file_beside(origin_.path, session), error);
  return known->second ? AgentSession(k_source, session, origin_).id() : std::string();
}

/// The conversation that had this record first, of all files that were read.
std::string Chats::first_with(const Node& record, const std::string& conversation) {
  const auto claim = [&](std::string_view kind, std::string_view id, std::string_view more) {
    if (id.empty()) return conversation;
    return origin_.ledger->claim(std::string(kind).append(id).append(more), conversation);
  };
  const auto message_id = record["message"]["id"].view();
  auto by_uuid = claim("uuid ", record["uuid"].view(), {});
  const auto by_answer = claim("answer ", message_id, "\n" + record["requestId"].text());
  const auto by_message = claim("message ", message_id, {});
  if (by_uuid != conversation) return by_uuid;
  const bool side = record["isSidechain"].is_true();
  return side && by_answer == conversation ? by_message : by_answer;
}

bool Chats::belongs_elsewhere(const Node& record, Chat& chat) {
  if (!origin_.ledger) return false;
  auto& session = chat.conversation.session;
  auto owner = copied_from(record);
  if (owner.empty()) owner = first_with(record, session.id());
  if (owner == session.id()) return false;
  if (!session.begun() && !session.started.parent_conversation_id)
    session.started.parent_conversation_id = owner;
  return true;
}

}  // namespace agentpipe::formats::claude
