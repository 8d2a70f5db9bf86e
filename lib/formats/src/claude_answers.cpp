#include "claude_answers.hpp"

#include <functional>

namespace agentpipe::formats::claude {

std::uint64_t hash(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

bool Seen::add_record(std::string_view uuid) {
  return uuid.empty() || records_.insert(hash(uuid)).second;
}

bool Seen::has_record(std::string_view uuid) const {
  return records_.contains(hash(uuid));
}

std::uint64_t Seen::key(std::string_view message_id, std::string_view request_id) {
  std::string text(message_id);
  text.append(1, '\n').append(request_id);
  return hash(text);
}

Seen::Opened Seen::open(std::string_view message_id, std::string_view request_id, std::string_view uuid,
                        Chain chain) {
  if (message_id.empty()) return {Kind::first, std::string(uuid), {}};
  const std::string id(message_id);
  if (const auto known = answers_.find(key(message_id, request_id)); known != answers_.end()) {
    const auto piece = known->second.pieces + 1;
    return {Kind::continued, id + "." + std::to_string(piece), known->second.counted};
  }
  const bool new_message = messages_.insert(hash(message_id)).second;
  if (new_message) return {Kind::first, id, {}};
  if (chain == Chain::side) return {Kind::replayed, {}, {}};
  return {Kind::first, id + "." + std::string(request_id), {}};
}

void Seen::close(std::string_view message_id, std::string_view request_id, const Usage& usage) {
  if (message_id.empty()) return;
  auto& answer = answers_[key(message_id, request_id)];
  ++answer.pieces;
  answer.counted = usage;
}

}  // namespace agentpipe::formats::claude
