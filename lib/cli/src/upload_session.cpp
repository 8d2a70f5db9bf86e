#include "upload_session.hpp"

#include <algorithm>
#include <set>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::cli {
namespace {

/// Beside its texts an event costs about this much as JSON.
constexpr std::size_t k_envelope_bytes = 300;

std::size_t bytes_of(const model::Event& event) {
  std::size_t bytes = k_envelope_bytes;
  if (const auto* message = std::get_if<model::MessageCreated>(&event.body)) {
    bytes += message->content.size() + message->parts.text.size() + message->metadata.text.size() +
             message->extra.text.size();
  } else if (const auto* note = std::get_if<model::LogEntry>(&event.body)) {
    bytes += note->content.size() + note->metadata.text.size() + note->extra.text.size();
  }
  return bytes;
}

bool is_entry(const model::Event& event) {
  return std::holds_alternative<model::MessageCreated>(event.body) ||
         std::holds_alternative<model::LogEntry>(event.body) ||
         std::holds_alternative<model::ConversationError>(event.body);
}

template <class T>
void take_over(std::optional<T>& into, const std::optional<T>& news) {
  if (news) into = news;
}

/// The newest word counts, and what it is silent about stays.
void merge(model::ConversationCompleted& into, const model::ConversationCompleted& news) {
  into.status = news.status;
  take_over(into.total_messages, news.total_messages);
  take_over(into.total_turns, news.total_turns);
  take_over(into.total_tokens, news.total_tokens);
  take_over(into.total_cost, news.total_cost);
  take_over(into.duration_seconds, news.duration_seconds);
  take_over(into.summary, news.summary);
}

/// A conversation that was continued is started twice: the first word counts, new participants join.
void merge(model::ConversationStarted& into, const model::ConversationStarted& news) {
  if (into.initial_prompt.empty()) into.initial_prompt = news.initial_prompt;
  if (!into.name) into.name = news.name;
  for (const auto& participant : news.participants) {
    const bool known = std::any_of(into.participants.begin(), into.participants.end(),
                                   [&](const auto& other) { return other.agent_id == participant.agent_id; });
    if (!known) into.participants.push_back(participant);
  }
}

/// For a stream that was joined late: what its messages tell about the beginning.
model::ConversationStarted started_from(const std::string& id, const std::vector<model::Event>& entries) {
  model::ConversationStarted started;
  started.conversation_id = id;
  std::set<std::string> seen;
  for (const auto& entry : entries) {
    const auto* message = std::get_if<model::MessageCreated>(&entry.body);
    if (message == nullptr || message->agent_id.empty() || !seen.insert(message->agent_id).second) continue;
    model::Participant participant;
    participant.agent_id = message->agent_id;
    participant.agent_type = message->agent_type;
    participant.name = message->agent_name;
    started.participants.push_back(std::move(participant));
  }
  return started;
}

}  // namespace

void SessionCollector::event(model::Event event) {
  auto* session = session_of(event);
  if (session != nullptr && fits(*session, event)) place(*session, std::move(event));
}

void SessionCollector::skipped(formats::Skip /*why*/, std::uint64_t /*line*/) {}

void SessionCollector::problem(formats::Problem problem) {
  if (++problem_count_ <= k_max_problems) problems_.push_back(std::move(problem));
}

/// Readers that say so tell one session after the other: it is the last one.
void SessionCollector::whole(const std::string& conversation) {
  const auto place = places_.find(conversation);
  if (!whole_ || place == places_.end() || place->second + 1 != sessions_.size()) return;
  auto session = std::move(sessions_.back().second);
  sessions_.pop_back();
  places_.erase(place);
  if (session.too_large) return;
  bytes_ -= session.bytes;
  whole_(finish(conversation, std::move(session), Unfinished::active));
}

/// Null for events that belong to no session's document.
SessionCollector::Session* SessionCollector::session_of(const model::Event& event) {
  const auto& id = model::conversation_id(event);
  if (id.empty() || std::holds_alternative<model::TurnMarker>(event.body)) return nullptr;
  const auto [place, is_new] = places_.try_emplace(id, sessions_.size());
  if (is_new) sessions_.emplace_back(id, Session{});
  return &sessions_[place->second].second;
}

bool SessionCollector::fits(Session& session, const model::Event& event) {
  if (session.too_large) return false;
  const auto bytes = bytes_of(event);
  const bool file_full = bytes_ + bytes > k_max_sessions_bytes;
  const bool session_full =
      session.bytes + bytes > model::k_max_upload || session.entries.size() >= model::k_max_upload_entries;
  if (!file_full && !session_full) {
    session.bytes += bytes;
    bytes_ += bytes;
    return true;
  }
  session.too_large = true;
  bytes_ -= session.bytes;
  std::vector<model::Event>().swap(session.entries);
  problem({0, "session " + model::conversation_id(event) +
                  (session_full ? " is larger than one upload (" + base::human_bytes(model::k_max_upload) +
                                      ", " + base::group_digits(model::k_max_upload_entries) + " messages)"
                                : " does not fit beside the others of this file (" +
                                      base::human_bytes(k_max_sessions_bytes) + ")") +
                  "; ship it with: agentpipe-bridge stream FILE"});
  return false;
}

void SessionCollector::place(Session& session, model::Event event) {
  if (auto* started = std::get_if<model::ConversationStarted>(&event.body)) {
    if (!session.started) {
      session.started = std::move(event);
    } else {
      merge(std::get<model::ConversationStarted>(session.started->body), *started);
    }
  } else if (const auto* completed = std::get_if<model::ConversationCompleted>(&event.body)) {
    if (session.completed) {
      merge(std::get<model::ConversationCompleted>(session.completed->body), *completed);
      session.completed->at = event.at;
    } else {
      session.completed = std::move(event);
    }
  } else if (const auto* updated = std::get_if<model::ConversationUpdated>(&event.body)) {
    if (!session.started) return;
    auto& head = std::get<model::ConversationStarted>(session.started->body);
    take_over(head.name, updated->name);
    take_over(head.git_branch, updated->git_branch);
  } else if (is_entry(event)) {
    session.entries.push_back(std::move(event));
  }
}

model::Upload SessionCollector::finish(const std::string& id, Session session, Unfinished unfinished) {
  const auto earlier = [](const model::Event& a, const model::Event& b) { return a.at < b.at; };
  model::Upload upload;
  if (!session.started) {
    session.started = model::Event{{}, started_from(id, session.entries)};
    if (!session.entries.empty()) {
      session.started->at = std::min_element(session.entries.begin(), session.entries.end(), earlier)->at;
    } else if (session.completed) {
      session.started->at = session.completed->at;
    }
  }
  auto last = session.started->at;
  if (!session.entries.empty()) {
    last = std::max(last, std::max_element(session.entries.begin(), session.entries.end(), earlier)->at);
  }
  if (!session.completed && unfinished == Unfinished::interrupted) {
    model::ConversationCompleted cut_off;
    cut_off.conversation_id = id;
    cut_off.status = model::Status::interrupted;
    session.completed = model::Event{last, std::move(cut_off)};
  }
  upload.events.push_back(std::move(*session.started));
  std::move(session.entries.begin(), session.entries.end(), std::back_inserter(upload.events));
  if (session.completed) {
    session.completed->at = std::max(session.completed->at, upload.events.front().at);
    upload.events.push_back(std::move(*session.completed));
  }
  return upload;
}

std::vector<model::Upload> SessionCollector::take(Unfinished unfinished) {
  std::vector<model::Upload> uploads;
  for (auto& [id, session] : sessions_) {
    if (!session.too_large) uploads.push_back(finish(id, std::move(session), unfinished));
  }
  sessions_.clear();
  places_.clear();
  return uploads;
}

}  // namespace agentpipe::cli
