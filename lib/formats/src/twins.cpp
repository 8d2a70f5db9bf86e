#include "twins.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats {
namespace {

/// Twins are neighbours; agents that speak at the same time put a few lines between them.
constexpr std::size_t k_most_recent = 256;
/// A twin is a line or two away; what is recalled is written down for each file that is followed.
constexpr std::size_t k_most_recalled = 16;
constexpr std::size_t k_most_waiting = 64;
constexpr std::size_t k_most_waiting_bytes = 8UL << 20U;

std::size_t fingerprint(std::string_view conversation, std::string_view agent, std::string_view content) {
  std::string key;
  key.reserve(conversation.size() + agent.size() + content.size() + 2);
  key.append(conversation).append(1, '\x1F').append(agent).append(1, '\x1F').append(content);
  return std::hash<std::string>{}(key);
}

std::size_t fingerprint(const model::MessageCreated& message) {
  const auto& agent = message.agent_id.empty() ? message.agent_type : message.agent_id;
  return fingerprint(message.conversation_id, agent, message.content);
}

std::size_t fingerprint(const model::LogEntry& entry) {
  const auto& agent = entry.agent_id ? entry.agent_id : entry.agent_type;
  return fingerprint(entry.conversation_id, agent.value_or(""), entry.content);
}

const model::LogEntry& entry_of(const Twins::Waiting& waiting) {
  return std::get<model::LogEntry>(waiting.event.body);
}

}  // namespace

bool may_be_twin(const model::LogEntry& entry) {
  return entry.level == "message" && (!entry.role || *entry.role == "agent" || *entry.role == "assistant");
}

bool Twins::pair_message(const model::MessageCreated& message) {
  const auto mark = fingerprint(message);
  const auto twin = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& waiting) {
    return fingerprint(entry_of(waiting)) == mark;
  });
  if (twin != waiting_.end()) {
    dropped_line_ = twin->line;
    waiting_bytes_ -= entry_of(*twin).content.size();
    waiting_.erase(twin);
    return true;
  }
  recent_.push_back(mark);
  if (recent_.size() > k_most_recent) recent_.pop_front();
  return false;
}

bool Twins::pair_entry(const model::LogEntry& entry) {
  const auto twin = std::find(recent_.begin(), recent_.end(), fingerprint(entry));
  if (twin == recent_.end()) return false;
  recent_.erase(twin);
  return true;
}

std::vector<Twins::Waiting> Twins::hold(Waiting entry) {
  waiting_bytes_ += entry_of(entry).content.size();
  waiting_.push_back(std::move(entry));
  std::vector<Waiting> alone;
  while (waiting_.size() > k_most_waiting || waiting_bytes_ > k_most_waiting_bytes) {
    waiting_bytes_ -= entry_of(waiting_.front()).content.size();
    alone.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return alone;
}

std::string Twins::recent() const {
  std::string text;
  const auto count = std::min(recent_.size(), k_most_recalled);
  for (auto mark = recent_.end() - static_cast<std::ptrdiff_t>(count); mark != recent_.end(); ++mark) {
    text += std::to_string(*mark) + ' ';
  }
  return text;
}

void Twins::recall(std::string_view recent) {
  for (const auto word : base::split(recent, ' ')) {
    if (const auto mark = base::parse_number(word)) recent_.push_back(*mark);
  }
}

std::vector<Twins::Waiting> Twins::release() {
  std::vector<Waiting> all(std::make_move_iterator(waiting_.begin()),
                           std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  waiting_bytes_ = 0;
  return all;
}

}  // namespace agentpipe::formats
