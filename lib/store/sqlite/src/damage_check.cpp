#include "damage_check.hpp"

#include <sqlite3.h>

#include <string>

#include "agentpipe/base/log.hpp"

namespace agentpipe::store::sqlite {

namespace {

constexpr int k_steps_between_looks = 10'000;  // about a millisecond

struct TimeBox {
  const base::Clock& clock;
  base::Deadline deadline;
};

int is_over(void* box) {
  const auto* time = static_cast<const TimeBox*>(box);
  return time->deadline.reached(time->clock) ? 1 : 0;
}

}  // namespace

base::Result<void> check_for_damage(Database& database, const base::Clock& clock, base::Milliseconds length) {
  TimeBox box{clock, base::Deadline::after(clock, length)};
  std::string finding;
  sqlite3_progress_handler(handle(database), k_steps_between_looks, is_over, &box);
  auto done = Statement(database.connection(), "PRAGMA quick_check(1)").query([&](Columns& columns) {
    columns(finding);
  });
  const bool interrupted = !done && (sqlite3_errcode(handle(database)) & 0xFF) == SQLITE_INTERRUPT;
  sqlite3_progress_handler(handle(database), 0, nullptr, nullptr);
  if (interrupted) {
    base::log(base::LogLevel::warn,
              "the last stop was unclean; the database is too large to be checked whole now");
    return {};
  }
  if (!done) return done;
  if (finding == "ok") return {};
  return base::failure(base::ErrorCode::internal,
                       "The database is damaged; stop here, keep the file and restore a backup.", finding);
}

}  // namespace agentpipe::store::sqlite
