#include "gemini_log.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "agentpipe/formats/prices.hpp"
#include "gemini_text.hpp"

namespace agentpipe::formats::gemini {
namespace {

/// A log that holds back more than this is handed on from its front, changed or not.
constexpr std::size_t k_max_held_bytes = 64UL << 20U;

std::uint64_t hash(std::string_view id) {
  return std::hash<std::string_view>{}(id);
}

}  // namespace

AgentSession& Log::session() {
  if (!session_) session_.emplace(k_source, origin_.name.substr(0, origin_.name.rfind('.')), origin_);
  return *session_;
}

bool Log::record(const Node& record, Sink& sink) {
  if (const auto target = record["$rewindTo"]; !target.is_null()) {
    rewind_to(target.view());
  } else if (record["id"].is_text()) {
    put(entry_of(record), sink);
  } else if (const auto changes = record["$set"]; changes.is_object()) {
    change(changes, sink);
  } else if (record["sessionId"].is_text()) {
    header(record, sink);
  } else {
    return false;
  }
  return true;
}

void Log::header(const Node& header, Sink& sink) {
  if (!session_) {
    session_.emplace(k_source, header["sessionId"].view(), origin_);
    session_->join(k_user, k_user);
    session_->join(k_source, k_source, "Gemini CLI");
    auto& started = session_->started;
    header["directories"].each([&](const Node& folder) {
      if (!started.cwd) started.cwd = folder.label();
    });
    // A subagent's log lies in a folder that is named after its parent's session.
    if (header["kind"].view() == "subagent" && !origin_.path.empty())
      started.parent_conversation_id =
          AgentSession(k_source, origin_.path.parent_path().filename().string(), origin_).id();
  }
  change(header, sink);
}

void Log::change(const Node& changes, Sink& sink) {
  if (const auto title = changes["summary"].view(); !title.empty()) session().title({}, title, 1, sink);
  const auto messages = changes["messages"];
  if (!messages.is_array()) return;
  entries_.clear();
  bytes_ = 0;
  messages.each([&](const Node& message) {
    if (message["id"].is_text()) put(entry_of(message), sink);
  });
}

Log::Entry Log::entry_of(const Node& record) {
  Entry entry;
  entry.id = record["id"].text();
  entry.at = record["timestamp"].time();
  const auto type = record["type"].view();
  auto& message = entry.message;
  if (type == "gemini") {
    message.agent_id = k_source;
    message.role = "assistant";
    message.model = record["model"].text();
    message.usage = file_usage(record["tokens"]);
    entry.complete = message.usage.has_value();
    add_thoughts(record["thoughts"], message.parts);
  } else if (type == "user") {
    message.agent_id = std::string(k_user);
    message.role = "user";
  } else {
    entry.kind = type == "error" ? Kind::error : Kind::note;
  }
  const auto shown = record["displayContent"];
  add_content(shown.is_null() ? record["content"] : shown, message.parts);
  record["toolCalls"].each([&](const Node& call) { entry.tools.push_back(call_of(call, message.model)); });
  record["toolCalls"].each([&](const Node& call) {
    entry.complete = entry.complete && is_over(call);
    if (auto result = result_of(call)) entry.tools.push_back(std::move(*result));
  });
  entry.bytes = message.parts.bytes();
  for (const auto& tool : entry.tools) entry.bytes += tool.parts.bytes();
  return entry;
}

void Log::put(Entry entry, Sink& sink) {
  if (handed_on_.contains(hash(entry.id))) return;
  bytes_ += entry.bytes;
  const auto before = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const Entry& other) { return other.id == entry.id; });
  if (before != entries_.end()) {
    bytes_ -= before->bytes;
    *before = std::move(entry);
  } else {
    entries_.push_back(std::move(entry));
  }
  while (bytes_ > k_max_held_bytes && entries_.size() > 1) hand_on(sink);
}

void Log::rewind_to(std::string_view id) {
  const auto target =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.id == id; });
  // An unknown id takes everything back.
  entries_.erase(target == entries_.end() ? entries_.begin() : target, entries_.end());
  bytes_ = 0;
  for (const auto& entry : entries_) bytes_ += entry.bytes;
}

void Log::tell(Entry entry, Sink& sink) {
  auto& told = session();
  if (entry.kind == Kind::error) return told.error(entry.at, "error", entry.message.parts.content(), sink);
  if (entry.kind == Kind::note) return told.note(entry.at, "info", entry.message.parts.content(), sink);
  if (entry.message.role == k_user) told.asked(entry.message.parts.content());
  account(entry);
  if (entry.tools.empty()) return tell_words(entry.at, std::move(entry.message), sink);
  auto last = entry.message;
  last.parts = {};
  entry.message.usage.reset();
  if (entry.message.parts.content().empty()) {  // thoughts without words go with the call that they led to
    entry.message.parts.append(std::move(entry.tools.front().parts));
    entry.tools.front().parts = std::move(entry.message.parts);
  } else {
    tell_words(entry.at, std::move(entry.message), sink);
  }
  for (auto& tool : entry.tools) told.message(entry.at, std::move(tool), sink);
  tell_words(entry.at, std::move(last), sink);
}

/// A turn that ends with a tool's work has no last words to carry what it used.
void Log::tell_words(std::optional<base::Timestamp> at, AgentMessage message, Sink& sink) {
  if (message.parts.empty() && message.usage) message.parts.notice("usage", k_no_answer);
  if (!message.parts.empty()) session().message(at, std::move(message), sink);
}

/// Collects what requests used until the last entry of the turn, which gets it.
void Log::account(Entry& entry) {
  auto& message = entry.message;
  const auto used = std::exchange(message.usage, std::nullopt);
  accounts_.report(std::nullopt, used, message.model, prices_of(origin_));
  const auto* next = next_said();
  if (message.role == k_user || (next != nullptr && next->message.role != k_user)) return;
  const auto sum = accounts_.take();
  if (!sum) return;
  message.usage = sum->usage;
  message.estimated_cost = sum->cost;
  message.estimate = AgentMessage::Estimate::given;
}

const Log::Entry* Log::next_said() const {
  const auto next = std::find_if(entries_.begin(), entries_.end(),
                                 [](const Entry& entry) { return entry.kind == Kind::said; });
  return next == entries_.end() ? nullptr : &*next;
}

void Log::hand_on(Sink& sink) {
  auto entry = std::move(entries_.front());
  entries_.pop_front();
  bytes_ -= entry.bytes;
  handed_on_.insert(hash(entry.id));
  tell(std::move(entry), sink);
}

void Log::flush_complete(Sink& sink) {
  const auto last = std::find_if(entries_.rbegin(), entries_.rend(),
                                 [](const Entry& entry) { return entry.kind == Kind::said; });
  if (last == entries_.rend()) return;
  const auto id = last->id;
  while (entries_.front().id != id && entries_.front().complete) hand_on(sink);
}

void Log::finish(Sink& sink) {
  while (!entries_.empty()) hand_on(sink);
  if (session_) session_->complete({}, {}, sink);
}

}  // namespace agentpipe::formats::gemini
