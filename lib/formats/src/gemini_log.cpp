#include "gemini_log.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace agentpipe::formats::gemini {
namespace {

/// A log that holds back more than this is handed on from its front, changed or not.
constexpr std::size_t k_max_held_bytes = 64UL << 20U;

std::uint64_t hash(std::string_view id) {
  return std::hash<std::string_view>{}(id);
}

}  // namespace

bool Log::record(const Node& record, Sink& sink) {
  if (const auto target = record["$rewindTo"]; !target.is_null()) {
    rewind_to(target.view());
  } else if (record["id"].is_text()) {
    put(entry_of(record), sink);
  } else if (const auto changes = record["$set"]; changes.is_object()) {
    change(changes, sink);
  } else if (record["sessionId"].is_text()) {
    turns_.begin(record);
    change(record, sink);
  } else {
    return false;
  }
  return true;
}

void Log::change(const Node& changes, Sink& sink) {
  if (const auto title = changes["summary"].view(); !title.empty()) turns_.title(title, sink);
  if (const auto messages = changes["messages"]; messages.is_array()) checkpoint(messages, sink);
}

/// What is known already was told with more than the list tells: with tokens, with what tools gave.
void Log::checkpoint(const Node& messages, Sink& sink) {
  std::unordered_set<std::uint64_t> listed;
  messages.each([&](const Node& message) { listed.insert(hash(message["id"].view())); });
  drop_copies(listed);
  messages.each([&](const Node& message) {
    if (!message["id"].is_text()) return;
    const auto* known = find(message["id"].view());
    if (known == nullptr || !known->complete) put(entry_of(message), sink);
  });
}

/// A compression writes down its summary and, under new ids, what it keeps of the history, then a list of
/// all.
void Log::drop_copies(const std::unordered_set<std::uint64_t>& listed) {
  auto* summary = find(summary_);
  if (summary == nullptr || summary->complete || !listed.contains(hash(summary_))) return;
  summary->complete = true;
  const auto behind = entries_.begin() + static_cast<std::ptrdiff_t>(held_.at(hash(summary_)) - gone_ + 1);
  const auto copies = std::stable_partition(
      behind, entries_.end(), [&](const Entry& entry) { return !listed.contains(hash(entry.id)); });
  std::for_each(copies, entries_.end(), [&](const Entry& copy) { handed_on_.insert(hash(copy.id)); });
  erase_from(copies);
  for (std::size_t i = 0; i < entries_.size(); ++i) held_[hash(entries_[i].id)] = gone_ + i;
}

void Log::rewind_to(std::string_view id) {
  const auto target = held_.find(hash(id));
  // An unknown id takes everything back.
  const auto kept = target == held_.end() ? 0 : target->second - gone_;
  erase_from(entries_.begin() + static_cast<std::ptrdiff_t>(kept));
}

void Log::put(Entry entry, Sink& sink) {
  if (entry.kind == Entry::Kind::nothing) return;
  if (handed_on_.contains(hash(entry.id))) return turns_.tell_tools(std::move(entry), sink);
  if (entry.kind == Entry::Kind::summary) summary_ = entry.id;
  bytes_ += entry.bytes();
  if (auto* before = find(entry.id)) {
    bytes_ -= before->bytes();
    *before = std::move(entry);
  } else {
    held_.emplace(hash(entry.id), gone_ + entries_.size());
    entries_.push_back(std::move(entry));
  }
  while (bytes_ > k_max_held_bytes && entries_.size() > 1) hand_on(sink);
}

Entry* Log::find(std::string_view id) {
  const auto place = held_.find(hash(id));
  return place == held_.end() ? nullptr : &entries_[place->second - gone_];
}

void Log::erase_from(const std::deque<Entry>::iterator& first) {
  std::for_each(first, entries_.end(), [&](const Entry& entry) {
    bytes_ -= entry.bytes();
    held_.erase(hash(entry.id));
  });
  entries_.erase(first, entries_.end());
}

void Log::hand_on(Sink& sink) {
  auto entry = std::move(entries_.front());
  entries_.pop_front();
  ++gone_;
  bytes_ -= entry.bytes();
  const auto id = hash(entry.id);
  held_.erase(id);
  handed_on_.insert(id);
  turns_.tell(std::move(entry), sink);
}

/// An answer may still call tools until something is said behind it.
bool Log::front_is_settled() const {
  const auto& front = entries_.front();
  if (front.kind == Entry::Kind::summary) return front.complete;
  if (front.kind != Entry::Kind::answer || (front.complete && !front.tools.empty())) return true;
  return std::any_of(entries_.begin() + 1, entries_.end(),
                     [](const Entry& entry) { return entry.is_said(); });
}

void Log::flush_complete(Sink& sink) {
  while (!entries_.empty() && front_is_settled()) hand_on(sink);
}

void Log::flush_quiet(Sink& sink) {
  while (!entries_.empty()) {
    const auto& front = entries_.front();
    const bool looks_final = front.kind == Entry::Kind::summary || (front.complete && front.has_words());
    if (!looks_final && !front_is_settled()) return;
    hand_on(sink);
  }
}

void Log::finish(Sink& sink) {
  while (!entries_.empty()) hand_on(sink);
  turns_.finish(sink);
}

}  // namespace agentpipe::formats::gemini
