#include "codex_copies.hpp"

#include "agentpipe/formats/ledger.hpp"
#include "codex_thread_id.hpp"

namespace agentpipe::formats::codex {

void Copies::fork(Time at, std::string_view thread_id) {
  copied_until_ = at;
  forked_ = time_in_id(thread_id);
}

void Copies::turn(std::string_view turn_id, const std::string& conversation, const Origin& origin) {
  if (const auto begun = time_in_id(turn_id); begun && forked_) {
    copied_until_.reset();
    turn_is_copy_ = *begun < *forked_;
    return;
  }
  if (turn_id.empty() || !origin.ledger) return;
  turn_is_copy_ = origin.ledger->claim("codex turn " + std::string(turn_id), conversation) != conversation;
}

bool Copies::is_copy(Time at) {
  using std::chrono::seconds;
  const bool same_second =
      copied_until_ && at && std::chrono::floor<seconds>(*at) == std::chrono::floor<seconds>(*copied_until_);
  if (!same_second) copied_until_.reset();
  return same_second || turn_is_copy_;
}

}  // namespace agentpipe::formats::codex
