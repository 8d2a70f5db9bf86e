#include "chat_draft.hpp"

#include <utility>

#include "agentpipe/base/crypto.hpp"

namespace agentpipe::formats {
namespace {

/// An opening need not be longer; it is a name, not a copy.
constexpr std::size_t k_max_waiting = 1000;

}  // namespace

ChatDraft::ChatDraft(std::string_view source, std::string_view own_id, std::uint64_t place,
                     const Origin& origin)
    : source_(source), own_id_(own_id), place_(place), origin_(origin) {}

void ChatDraft::add(Said said, Sink& sink) {
  if (session_) return tell(std::move(said), sink);
  opening_.append(said.message.role).append("\x1F").append(said.message.parts.content()).append("\x1E");
  const bool answered = said.message.role == "assistant";
  waiting_.push_back(std::move(said));
  if (answered || waiting_.size() >= k_max_waiting) open(sink);
}

void ChatDraft::open(Sink& sink) {
  constexpr std::size_t k_digits = 32;
  const auto native = own_id_.empty()
                          ? base::sha256_hex(std::to_string(place_) + '\n' + opening_).substr(0, k_digits)
                          : own_id_;
  session_.emplace(source_, native, origin_);
  if (!title_.empty()) session_->title({}, title_, 1, sink);
  for (const auto& said : waiting_) {
    session_->join(said.message.agent_id, said.message.agent_id);
    if (said.message.role == k_user) session_->asked(said.message.parts.content());
  }
  for (auto& said : std::exchange(waiting_, {})) tell(std::move(said), sink);
}

void ChatDraft::tell(Said said, Sink& sink) {
  session_->join(said.message.agent_id, said.message.agent_id);
  session_->message(said.at, std::move(said.message), sink);
}

void ChatDraft::finish(std::optional<base::Timestamp> at, Sink& sink) {
  if (!session_ && !waiting_.empty()) open(sink);
  if (session_) session_->complete(at, {}, sink);
}

}  // namespace agentpipe::formats
