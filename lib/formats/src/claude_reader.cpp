#include "claude_reader.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"
#include "claude_text.hpp"

namespace agentpipe::formats::claude {
namespace {

/// Records that say nothing about the conversation.
constexpr std::array<std::string_view, 12> k_bookkeeping = {
    "queue-operation", "progress",     "file-history-snapshot", "agent-name",
    "agent-setting",   "mode",         "permission-mode",       "last-prompt",
    "bridge-session",  "stream_event", "rate_limit_event",      "control_response"};

/// A title that a person gave beats one that a model made, which beats the old summary.
enum TitleRank : int { k_summary = 1, k_made = 2, k_given = 3 };

std::string_view type_of(const Node& record) {
  const auto type = record["type"].view();
  return type.empty() ? record["message"]["role"].view() : type;  // very old files have no type
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
  auto& session = chats_.of(record).conversation.session;
  if (session.keeps_unknown()) session.unknown(record["timestamp"].time(), type, record.json(), sink);
}

void ClaudeReader::see_title_of(const Node& record, Chat& chat, Sink& sink) {
  if (summaries_.empty()) return;
  const auto title = summaries_.extract(hash(record["uuid"].view()));
  if (title) chat.conversation.session.title(record["timestamp"].time(), title.mapped(), k_summary, sink);
}

void ClaudeReader::user(const Node& record, std::uint64_t number, Sink& sink) {
  auto& chat = chats_.of(record);
  see_title_of(record, chat, sink);
  if (chats_.belongs_elsewhere(record, chat) || !chat.conversation.seen.add_record(record["uuid"].view()))
    return sink.skipped(Skip::replayed, number);
  if (record["isCompactSummary"].is_true()) return compact_summary(record, chat, sink);
  auto& lane = chats_.lane_of(record, chat);
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
  session.asked(parts.content());
  session.branch(record["timestamp"].time(), record["gitBranch"].view(), sink);
  chats_.lane_of(record, chat).prompt(record, std::move(parts), chat.conversation, sink);
}

void ClaudeReader::compact_summary(const Node& record, Chat& chat, Sink& sink) {
  chat.close_lanes(sink);
  AgentMessage message;
  message.id = record["uuid"].text();
  message.agent_id = k_source;
  message.role = "system";
  message.parts.notice("compacted", text_of(record["message"]["content"]));
  chat.conversation.session.message(record["timestamp"].time(), std::move(message), sink);
}

void ClaudeReader::assistant(const Node& record, std::uint64_t number, Sink& sink) {
  auto& chat = chats_.of(record);
  see_title_of(record, chat, sink);
  if (chats_.belongs_elsewhere(record, chat)) return sink.skipped(Skip::replayed, number);
  if (record["isApiErrorMessage"].is_true() || record["message"]["model"].view() == "<synthetic>")
    return synthetic(record, chat, number, sink);
  chat.conversation.session.branch(record["timestamp"].time(), record["gitBranch"].view(), sink);
  chats_.note_tasks(record["message"]["content"]);
  if (!chats_.lane_of(record, chat).answer(record, chat.conversation, sink))
    sink.skipped(Skip::replayed, number);
}

/// Words that the tool put into the model's mouth; nobody paid for them.
void ClaudeReader::synthetic(const Node& record, Chat& chat, std::uint64_t number, Sink& sink) {
  if (!chat.conversation.seen.add_record(record["uuid"].view())) return sink.skipped(Skip::replayed, number);
  if (!record["isApiErrorMessage"].is_true()) return sink.skipped(Skip::internal, number);
  chat.close_lanes(sink);
  chat.conversation.session.error(record["timestamp"].time(), "api_error",
                                  text_of(record["message"]["content"]), sink);
}

void ClaudeReader::system(const Node& record, std::uint64_t number, Sink& sink) {
  const auto subtype = record["subtype"].view();
  auto& chat = chats_.of(record);
  auto& conversation = chat.conversation;
  const auto at = record["timestamp"].time();
  if (chats_.belongs_elsewhere(record, chat) || !conversation.seen.add_record(record["uuid"].view()))
    return sink.skipped(Skip::replayed, number);
  if (subtype == "init") return conversation.session.begin(at, sink);
  if (subtype == "turn_duration")
    return chats_.lane_of(record, chat).turn_ended(record["durationMs"].count(), conversation, sink);
  if (subtype == "compact_boundary") {
    chat.close_lanes(sink);
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
  auto& chat = chats_.of(record);
  if (chats_.belongs_elsewhere(record, chat) || !chat.conversation.seen.add_record(record["uuid"].view()))
    return sink.skipped(Skip::replayed, number);
  if (attachment["type"].view() != "queued_command") return sink.skipped(Skip::internal, number);
  chats_.lane_of(record, chat)
      .queued_prompt(record, prompt_parts(attachment["prompt"]), chat.conversation, sink);
}

/// The title of the session that has this leaf, which may be another file's.
void ClaudeReader::summary(const Node& record, std::uint64_t number, Sink& sink) {
  constexpr std::size_t k_most = 1000;
  const auto leaf = record["leafUuid"].view();
  if (auto* chat = chats_.with(leaf))
    return chat->conversation.session.title({}, record["summary"].view(), k_summary, sink);
  if (summaries_.size() < k_most) summaries_.emplace(hash(leaf), record["summary"].text());
  sink.skipped(Skip::internal, number);
}

void ClaudeReader::given_title(const Node& record, std::uint64_t /*number*/, Sink& sink) {
  const auto given = record["customTitle"].view();
  auto& session = chats_.of(record).conversation.session;
  session.title(record["timestamp"].time(), given.empty() ? record["aiTitle"].view() : given,
                given.empty() ? k_made : k_given, sink);
}

void ClaudeReader::pull_request(const Node& record, std::uint64_t number, Sink& sink) {
  auto& session = chats_.of(record).conversation.session;
  if (!session.begun()) return sink.skipped(Skip::internal, number);
  session.note(record["timestamp"].time(), "system",
               "Pull request #" + std::to_string(record["prNumber"].count_or_0()) + " of " +
                   record["prRepository"].text() + ": " + record["prUrl"].text(),
               sink);
}

void ClaudeReader::pause(Sink& sink) {
  chats_.each([&](Chat& chat) {
    for (auto& [root, lane] : chat.lanes) lane.close_if_complete(chat.conversation, sink);
  });
}

AgentSession* ClaudeReader::conversation(const std::string& id) {
  AgentSession* found = nullptr;
  chats_.each([&](Chat& chat) {
    if (chat.conversation.session.id() == id) found = &chat.conversation.session;
  });
  return found;
}

std::vector<std::string> ClaudeReader::sessions() {
  std::vector<std::string> ids;
  chats_.each([&](Chat& chat) {
    const auto& started = chat.conversation.session.started;
    if (!started.parent_conversation_id) ids.push_back(started.conversation_id.substr(k_source.size() + 1));
  });
  return ids;
}

void ClaudeReader::end(Sink& sink) {
  if (origin().writer == Writer::present) return pause(sink);
  chats_.each([&](Chat& chat) {
    chat.close_lanes(sink);
    if (!chat.ended) conclude(chat, sink);
  });
}

}  // namespace agentpipe::formats::claude
