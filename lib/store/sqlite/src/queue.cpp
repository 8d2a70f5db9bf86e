#include "queue.hpp"

#include <utility>
#include <variant>

namespace agentpipe::store::sqlite {

namespace {

using base::ErrorCode;

constexpr std::size_t k_event_overhead = 256;

std::size_t size_of(const model::MessageCreated& m) {
  return m.content.size() + m.parts.text.size() + m.metadata.text.size() + m.client.text.size() +
         m.extra.text.size();
}

std::size_t size_of(const model::ConversationStarted& s) {
  std::size_t size = s.initial_prompt.size() + s.system_info.text.size() + s.command.text.size() +
                     s.metadata.text.size() + s.client.text.size() + s.extra.text.size();
  for (const model::Participant& p : s.participants) {
    size += k_event_overhead + p.prompt.value_or("").size() + p.settings.text.size() + p.extra.text.size();
  }
  return size;
}

std::size_t size_of(const model::LogEntry& e) {
  return e.content.size() + e.metrics.text.size() + e.metadata.text.size() + e.extra.text.size();
}

std::size_t size_of(const model::ConversationCompleted& c) {
  return (c.summary ? c.summary->text.size() + c.summary->extra.text.size() : 0) + c.extra.text.size();
}

std::size_t size_of(const model::ConversationError& e) {
  return e.error_message.size() + e.extra.text.size();
}

template <class Other>
std::size_t size_of(const Other& other) {
  return other.extra.text.size();
}

}  // namespace

std::size_t weight(const model::Event& event) {
  return k_event_overhead + std::visit([](const auto& body) { return size_of(body); }, event.body);
}

base::Result<void> Queue::room_for(const Waiting& waiting) const {
  if (closed_) {
    return base::failure_at({}, ErrorCode::unavailable,
                            "The server is shutting down; nothing was stored. Try again.", "shutting_down");
  }
  if (waiting_.empty()) return {};
  const bool fits = events_ + waiting.request.events.size() <= options_.queue_events &&
                    bytes_ + waiting.bytes <= options_.queue_bytes;
  const bool moves = options_.clock.ticks() - waiting_.front().since <= options_.queue_wait;
  if (fits && moves) return {};
  return base::failure_at({}, ErrorCode::unavailable,
                          "The server is behind with writing; nothing was stored. Try again in a moment.",
                          "queue_full");
}

base::Result<void> Queue::push(Waiting& waiting) {
  for (const model::Event& event : waiting.request.events) waiting.bytes += weight(event);
  waiting.since = options_.clock.ticks();
  bool wake = false;
  {
    const base::MutexLock lock(mutex_);
    if (auto room = room_for(waiting); !room) return room;
    events_ += waiting.request.events.size();
    bytes_ += waiting.bytes;
    waiting_.push_back(std::move(waiting));
    wake = std::exchange(taker_waits_, false);
  }
  if (wake) filled_.notify_one();
  return {};
}

std::vector<Waiting> Queue::take() {
  std::vector<Waiting> group;
  std::size_t events = 0;
  std::size_t bytes = 0;
  const base::MutexLock lock(mutex_);
  while (waiting_.empty() && !closed_) {
    taker_waits_ = true;
    filled_.wait(mutex_);
  }
  while (!waiting_.empty()) {
    Waiting& next = waiting_.front();
    const std::size_t count = next.request.events.size();
    const bool fits = events + count <= options_.group_events && bytes + next.bytes <= options_.group_bytes;
    if (!group.empty() && !fits) break;
    events += count;
    bytes += next.bytes;
    group.push_back(std::move(next));
    waiting_.pop_front();
  }
  events_ -= events;
  bytes_ -= bytes;
  return group;
}

void Queue::close() {
  {
    const base::MutexLock lock(mutex_);
    closed_ = true;
  }
  filled_.notify_all();
}

}  // namespace agentpipe::store::sqlite
