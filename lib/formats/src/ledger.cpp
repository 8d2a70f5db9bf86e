#include "agentpipe/formats/ledger.hpp"

#include <functional>

namespace agentpipe::formats {

std::string Ledger::claim(std::string_view record, const std::string& conversation) {
  const base::MutexLock lock(mutex_);
  const auto [number, is_new] = numbers_.try_emplace(conversation, static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.push_back(conversation);
  const auto owner = owners_.try_emplace(std::hash<std::string_view>{}(record), number->second).first;
  return names_[owner->second];
}

}  // namespace agentpipe::formats
