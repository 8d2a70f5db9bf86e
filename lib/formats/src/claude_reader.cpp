#include "claude_reader.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "agentpipe/base/text.hpp"
#include "agentpipe/formats/ledger.hpp"
#include "agentpipe/model/limits.hpp"
#include "claude_meta.hpp"
#include "claude_text.hpp"

namespace agentpipe::formats::claude {
namespace {

constexpr std::string_view k_main = "claude-code";
constexpr std::string_view k_subagent = "subagent";

/// Records that say nothing about the conversation.
constexpr std::array<std::string_view, 12> k_bookkeeping = {
    "queue-operation", "progress",     "file-history-snapshot", "agent-name",
    "agent-setting",   "mode",         "permission-mode",       "last-prompt",
    "bridge-session",  "stream_event", "rate_limit_event",      "control_response"};

/// A title that a person gave beats one that a model made, which beats the old summary.
enum TitleRank : int { k_summary = 1, k_made = 2, k_given = 3 };

std::uint64_t hash(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

std::string_view type_of(const Node& record) {
  const auto type = record["type"].view();
  return type.empty() ? record["message"]["role"].view() : type;  // very old files have no type
}

bool is_task(std::string_view tool) {
  return tool == "Task" || tool == "Agent";
}

/// All text of a message's content.
std::string text_of(const Node& content) {
  if (content.is_text()) return content.text();
  std::string text;
  content.each([&](const Node& block) {
    if (block["type"].view() == "text") text += block["text"].view();
  });
  return text;
}

}  // namespace

const ClaudeReader::Handler ClaudeReader::k_handlers[] = {
    {"assistant", &ClaudeReader::assistant},
    {"user", &ClaudeReader::user},
    {"system", &ClaudeReader::system},
    {"attachment", &ClaudeReader::attachment},
    {"summary", &ClaudeReader::summary},
    {"ai-title", &ClaudeReader::given_title},
    {"custom-title", &ClaudeReader::given_title},
    {"pr-link", &ClaudeReader::pull_request},
};

void ClaudeReader::record(const Node& record, std::uint64_t number, Sink& sink) {
  const auto type = type_of(record);
  for (const auto& handler : k_handlers) {
    if (handler.type == type) return (this->*handler.take)(record, number, sink);
  }
  if (std::find(k_bookkeeping.begin(), k_bookkeeping.end(), type) != k_bookkeeping.end())
    return sink.skipped(Skip::internal, number);
  if (other_record(record, type, sink)) return;
  sink.skipped(Skip::unknown, number);
  if (type.empty() || chats_.empty()) return;
  auto& session = chat_of(record).conversation.session;
  if (session.keeps_unknown()) session.unknown(record["timestamp"].time(), type, record.json(), sink);
}

ClaudeReader::Chat& ClaudeReader::chat_of_session(const std::string& session_id) {
  last_session_ = session_id;
  auto& chat = chats_[session_id];
  if (!chat)
    chat = std::make_unique<Chat>(Chat{{AgentSession(k_source, session_id, origin()), {}, {}}, {}, false});
  return *chat;
}

/// Records name their session; those of a subagent that has a file, or on standard output a call, of its own
/// make a conversation below it.
ClaudeReader::Chat& ClaudeReader::chat_of(const Node& record) {
  auto session_id = record.either("sessionId", "session_id").text();
  if (session_id.empty()) session_id = last_session_;
  if (session_id.empty()) session_id = origin().name.substr(0, origin().name.rfind('.'));
  last_session_ = session_id;
  const auto call = record["parent_tool_use_id"].text();
  if (!call.empty()) return subagent_of(record, session_id, call);
  const auto agent = record["agentId"].text();
  if (!agent.empty() && record["isSidechain"].is_true())
    return subagent_of(record, session_id, "agent-" + agent);
  auto& chat = chat_of_session(session_id);
  introduce(chat, record);
  return chat;
}

void ClaudeReader::introduce(Chat& chat, const Node& record) {
  auto& session = chat.conversation.session;
  if (!session.begun()) {
    session.join(k_user, k_user);
    session.join(k_main, k_main, "Claude Code");
    auto& agent = session.started.participants.back();
    if (const auto version = record["version"].label()) agent.cli_version = version;
    if (const auto cwd = record["cwd"].label()) session.started.cwd = cwd;
  }
}

ClaudeReader::Chat& ClaudeReader::subagent_of(const Node& record, const std::string& session_id,
                                              const std::string& key) {
  const auto place = session_id + ":" + key;
  if (const auto known = chats_.find(place); known != chats_.end()) return *known->second;
  const auto meta = read_meta(origin());
  const auto id = session_id + ":" + (meta.call_id.empty() ? key : meta.call_id);
  auto& chat = chats_[place];
  chat = std::make_unique<Chat>(Chat{{AgentSession(k_source, id, origin()), {}, {}}, {}, false});
  auto& started = chat->conversation.session.started;
  started.parent_conversation_id = AgentSession(k_source, session_id, origin()).id();
  started.cwd = record["cwd"].label();
  started.name = meta.description;
  if (const auto parent = chats_.find(session_id); parent != chats_.end()) {
    const auto call = parent->second->conversation.open_calls.find(key);
    if (call != parent->second->conversation.open_calls.end())
      started.parent_message_id = call->second.message_id;
  }
  chat->conversation.session.join(k_main, k_main, "Claude Code");
  chat->conversation.session.join(k_subagent, k_main, meta.type ? meta.type : "Subagent");
  return *chat;
}

/// Older files have the records of subagents between the others: each chain has a root that the Task tool's
/// prompt made.
std::string ClaudeReader::side_chain_of(const Node& record) {
  const auto uuid = record["uuid"].view();
  const auto parent = side_chains_.find(hash(record["parentUuid"].view()));
  const auto root = parent == side_chains_.end() ? std::string(uuid) : parent->second;
  side_chains_.emplace(hash(uuid), root);
  return root;
}

Lane& ClaudeReader::lane_of(const Node& record, Chat& chat) {
  const bool side = record["isSidechain"].is_true();
  const bool by_call = !record["parent_tool_use_id"].view().empty();
  const auto find = [&](const std::string& key, std::string_view agent, std::string_view prompter,
                        Seen::Chain chain, Lane::Prompts prompts) -> Lane& {
    return chat.lanes.try_emplace(key, std::string(agent), std::string(prompter), chain, prompts)
        .first->second;
  };
  if (by_call || (side && !record["agentId"].view().empty()))
    return find("", k_subagent, k_main, Seen::Chain::side, Lane::Prompts::by_text);
  if (!side) return find("", k_main, k_user, Seen::Chain::main, Lane::Prompts::by_record);
  const auto root = side_chain_of(record);
  if (const auto known = chat.lanes.find(root); known != chat.lanes.end()) return known->second;
  constexpr std::size_t k_short = 8;
  const auto agent = "subagent-" + root.substr(0, k_short);
  const auto task = tasks_.find(hash(text_of(record["message"]["content"])));
  chat.conversation.session.join(agent, k_main, task == tasks_.end() ? "Subagent" : task->second);
  return find(root, agent, k_main, Seen::Chain::side, Lane::Prompts::by_record);
}

/// Another file had this record first. The conversation that begins with such copies continues that one.
bool ClaudeReader::belongs_elsewhere(const Node& record, Chat& chat) {
  if (!origin().ledger) return false;
  auto& session = chat.conversation.session;
  const auto claim = [&](std::string_view kind, std::string_view id, std::string_view more) {
    if (id.empty()) return session.id();
    return origin().ledger->claim(std::string(kind).append(id).append(more), session.id());
  };
  const auto message_id = record["message"]["id"].view();
  const auto by_uuid = claim("uuid ", record["uuid"].view(), {});
  const auto by_answer = claim("answer ", message_id, "\n" + record["requestId"].text());
  const auto by_message = claim("message ", message_id, {});
  const bool side = record["isSidechain"].is_true();
  const auto& owner = by_uuid != session.id()             ? by_uuid
                      : side && by_answer == session.id() ? by_message
                                                          : by_answer;
  if (owner == session.id()) return false;
  if (!session.begun() && !session.started.parent_conversation_id)
    session.started.parent_conversation_id = owner;
  return true;
}

void ClaudeReader::see_title_of(const Node& record, Chat& chat, Sink& sink) {
  if (summaries_.empty()) return;
  const auto title = summaries_.extract(hash(record["uuid"].view()));
  if (title) chat.conversation.session.title(record["timestamp"].time(), title.mapped(), k_summary, sink);
}

void ClaudeReader::user(const Node& record, std::uint64_t number, Sink& sink) {
  auto& chat = chat_of(record);
  see_title_of(record, chat, sink);
  if (belongs_elsewhere(record, chat) || !chat.conversation.seen.add_record(record["uuid"].view()))
    return sink.skipped(Skip::replayed, number);
  if (record["isCompactSummary"].is_true()) return compact_summary(record, chat, sink);
  auto& lane = lane_of(record, chat);
  lane.results(record, chat.conversation, sink);
  if (record["isMeta"].is_true()) return sink.skipped(Skip::internal, number);
  prompt(record, chat, number, sink);
}

void ClaudeReader::prompt(const Node& record, Chat& chat, std::uint64_t number, Sink& sink) {
  auto parts = prompt_parts(record["message"]["content"]);
  auto& session = chat.conversation.session;
  if (parts.empty()) {
    if (!session.begun()) sink.skipped(Skip::internal, number);
    return;
  }
  if (!session.begun())
    session.started.initial_prompt = base::truncate_utf8(parts.content(), model::k_max_text);
  session.branch(record["timestamp"].time(), record["gitBranch"].view(), sink);
  lane_of(record, chat).prompt(record, std::move(parts), chat.conversation, sink);
}

void ClaudeReader::compact_summary(const Node& record, Chat& chat, Sink& sink) {
  close_lanes(chat, sink);
  AgentMessage message;
  message.id = record["uuid"].text();
  message.agent_id = k_main;
  message.role = "system";
  message.parts.notice("compacted", text_of(record["message"]["content"]));
  chat.conversation.session.message(record["timestamp"].time(), std::move(message), sink);
}

void ClaudeReader::assistant(const Node& record, std::uint64_t number, Sink& sink) {
  auto& chat = chat_of(record);
  see_title_of(record, chat, sink);
  if (belongs_elsewhere(record, chat)) return sink.skipped(Skip::replayed, number);
  if (record["isApiErrorMessage"].is_true() || record["message"]["model"].view() == "<synthetic>")
    return synthetic(record, chat, number, sink);
  chat.conversation.session.branch(record["timestamp"].time(), record["gitBranch"].view(), sink);
  note_tasks(record["message"]["content"]);
  if (!lane_of(record, chat).answer(record, chat.conversation, sink)) sink.skipped(Skip::replayed, number);
}

/// Words that the tool put into the model's mouth; nobody paid for them.
void ClaudeReader::synthetic(const Node& record, Chat& chat, std::uint64_t number, Sink& sink) {
  if (!chat.conversation.seen.add_record(record["uuid"].view())) return sink.skipped(Skip::replayed, number);
  if (!record["isApiErrorMessage"].is_true()) return sink.skipped(Skip::internal, number);
  close_lanes(chat, sink);
  chat.conversation.session.error(record["timestamp"].time(), "api_error",
                                  text_of(record["message"]["content"]), sink);
}

void ClaudeReader::note_tasks(const Node& content) {
  content.each([&](const Node& block) {
    if (!is_task(block["name"].view())) return;
    const auto input = block["input"];
    tasks_.emplace(hash(input["prompt"].view()), input.either("description", "subagent_type").text());
  });
}

void ClaudeReader::system(const Node& record, std::uint64_t number, Sink& sink) {
  const auto subtype = record["subtype"].view();
  auto& chat = chat_of(record);
  auto& conversation = chat.conversation;
  const auto at = record["timestamp"].time();
  if (belongs_elsewhere(record, chat) || !conversation.seen.add_record(record["uuid"].view()))
    return sink.skipped(Skip::replayed, number);
  if (subtype == "init") return conversation.session.begin(at, sink);
  if (subtype == "turn_duration")
    return lane_of(record, chat).turn_ended(record["durationMs"].count(), conversation, sink);
  if (subtype == "compact_boundary") {
    close_lanes(chat, sink);
    const auto before = record["compactMetadata"]["preTokens"].count_or_0();
    return conversation.session.note(at, "system",
                                     "The conversation was compacted; it had " +
                                         base::group_digits(static_cast<std::uint64_t>(before)) + " tokens.",
                                     sink);
  }
  if (subtype == "api_error" && conversation.session.begun())
    return conversation.session.note(at, "error", "An API request failed and is repeated.", sink);
  sink.skipped(Skip::internal, number);
}

void ClaudeReader::attachment(const Node& record, std::uint64_t number, Sink& sink) {
  const auto attachment = record["attachment"];
  auto& chat = chat_of(record);
  if (belongs_elsewhere(record, chat) || !chat.conversation.seen.add_record(record["uuid"].view()))
    return sink.skipped(Skip::replayed, number);
  if (attachment["type"].view() != "queued_command") return sink.skipped(Skip::internal, number);
  lane_of(record, chat).queued_prompt(record, prompt_parts(attachment["prompt"]), chat.conversation, sink);
}

/// The title of the session that has this leaf, which may be another file's.
void ClaudeReader::summary(const Node& record, std::uint64_t number, Sink& sink) {
  constexpr std::size_t k_most = 1000;
  const auto leaf = record["leafUuid"].view();
  for (auto& [id, chat] : chats_) {
    if (!chat->conversation.seen.has_record(leaf)) continue;
    return chat->conversation.session.title({}, record["summary"].view(), k_summary, sink);
  }
  if (summaries_.size() < k_most) summaries_.emplace(hash(leaf), record["summary"].text());
  sink.skipped(Skip::internal, number);
}

void ClaudeReader::given_title(const Node& record, std::uint64_t /*number*/, Sink& sink) {
  const auto given = record["customTitle"].view();
  auto& session = chat_of(record).conversation.session;
  session.title(record["timestamp"].time(), given.empty() ? record["aiTitle"].view() : given,
                given.empty() ? k_made : k_given, sink);
}

void ClaudeReader::pull_request(const Node& record, std::uint64_t number, Sink& sink) {
  auto& session = chat_of(record).conversation.session;
  if (!session.begun()) return sink.skipped(Skip::internal, number);
  session.note(record["timestamp"].time(), "system",
               "Pull request #" + std::to_string(record["prNumber"].count_or_0()) + " of " +
                   record["prRepository"].text() + ": " + record["prUrl"].text(),
               sink);
}

void ClaudeReader::close_lanes(Chat& chat, Sink& sink) {
  for (auto& [root, lane] : chat.lanes) lane.close(chat.conversation, sink);
}

void ClaudeReader::pause(Sink& sink) {
  for (auto& [id, chat] : chats_) {
    for (auto& [root, lane] : chat->lanes) lane.close_if_complete(chat->conversation, sink);
  }
}

void ClaudeReader::end(Sink& sink) {
  finish_lines(sink);
  if (origin().writer == Writer::present) return pause(sink);
  for (auto& [id, chat] : chats_) {
    close_lanes(*chat, sink);
    if (!chat->ended) conclude(*chat, sink);
  }
}

}  // namespace agentpipe::formats::claude
