#include "condition.hpp"

#include <string>
#include <system_error>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

namespace {

// A refusal is told for so long after it passed, that whoever looks seldom sees it; then traffic is welcome
// again.
constexpr base::Milliseconds k_memory{10'000};
constexpr base::Milliseconds k_measure_every{1'000};

}  // namespace

void Condition::failed(const base::Error& error) {
  const base::MutexLock lock(mutex_);
  // Once a trouble, not once a transaction.
  if (!broken_ && (!passing_ || passing_->reason != error.reason)) {
    base::log(base::LogLevel::error, "the database refused a transaction", {{"error", error.detail}});
  }
  if (is_broken(error)) {
    if (!broken_) broken_ = error;
  } else {
    passing_ = error;
    passing_since_ = clock_.ticks();
  }
}

void Condition::succeeded() {
  const base::MutexLock lock(mutex_);
  passing_.reset();
}

base::Result<void> Condition::may_write() {
  if (auto accepted = accepts(); !accepted) return accepted;
  const base::Ticks now = clock_.ticks();
  if (space_seen_ && now - *space_seen_ < k_measure_every) return {};
  auto enough = enough_space();
  if (enough) {
    space_seen_ = now;
  } else {
    failed(enough.error());
  }
  return enough;
}

base::Result<void> Condition::accepts() const {
  const base::MutexLock lock(mutex_);
  if (broken_) return tl::unexpected<base::Error>(*broken_);
  return {};
}

base::Result<void> Condition::health() const {
  if (auto accepted = accepts(); !accepted) return accepted;
  if (auto enough = enough_space(); !enough) return enough;
  const base::MutexLock lock(mutex_);
  if (passing_ && clock_.ticks() - passing_since_ < k_memory) return tl::unexpected<base::Error>(*passing_);
  return {};
}

base::Result<void> Condition::enough_space() const {
  std::error_code problem;
  const auto disk = std::filesystem::space(space_.path, problem);
  if (problem || disk.available >= space_.min_free)
    return {};  // a disk that cannot be asked fails when written
  return tl::unexpected<base::Error>(base::Error{
      base::ErrorCode::unavailable,
      "The server's disk has " + base::human_bytes(disk.available) + " left, " +
          base::human_bytes(space_.min_free) + " are needed; nothing was stored. Try again later.",
      space_.path.string(),
      {},
      "disk_full"});
}

}  // namespace agentpipe::store::sql
