#include "log_keeper.hpp"

#include <sqlite3.h>

#include <utility>

#include "agentpipe/base/log.hpp"
#include "clean_mark.hpp"
#include "connection.hpp"

namespace agentpipe::store::sqlite {

LogKeeper::LogKeeper(Database& main, Database checkpoints, const SqliteOptions& options)
    : options_(options), checkpointer_(std::move(checkpoints)) {
  constexpr std::int64_t k_usual_page = 4096;
  page_bytes_ = static_cast<std::uint64_t>(main.number("PRAGMA page_size").value_or(k_usual_page));
  const auto after_commit = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<std::uint64_t*>(pages) = static_cast<std::uint64_t>(count);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle(main), after_commit, &log_pages_);
}

// A log that was copied back whole begins anew with the next commit, and the hook tells a small number again.
// Under steady load the checkpointer never sees the end of it; once it has copied nearly all, the writer
// copies the rest.
void LogKeeper::between(Database& main) {
  const std::uint64_t bytes = log_pages_ * page_bytes_;
  if (bytes < options_.checkpoint_bytes) {
    checkpointing_ = false;
  } else if (!checkpointing_) {
    checkpointing_ = true;
    checkpointer_.request();
  } else if (bytes >= options_.wal_limit || !checkpointer_.busy()) {
    copy_back(main, bytes >= options_.wal_limit);
    checkpointing_ = false;
  }
}

// At the limit readers of an old state are waited for, shortly: the log grows on only when they hold out.
void LogKeeper::copy_back(Database& main, bool at_limit) {
  constexpr int k_patience_ms = 250;
  sqlite3* connection = handle(main);
  if (at_limit) sqlite3_busy_timeout(connection, k_patience_ms);
  const int mode = at_limit ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  sqlite3_wal_checkpoint_v2(connection, nullptr, mode, nullptr, nullptr);
  if (at_limit) sqlite3_busy_timeout(connection, static_cast<int>(options_.busy_timeout.count()));
}

void LogKeeper::at_end(Database& main) {
  auto marked = set_clean(main, true);
  if (marked) {
    sqlite3_wal_checkpoint_v2(handle(main), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  } else {
    base::log(base::LogLevel::warn, "the clean stop could not be noted", {{"error", marked.error().detail}});
  }
}

}  // namespace agentpipe::store::sqlite
