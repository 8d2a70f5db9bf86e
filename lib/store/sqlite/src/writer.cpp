#include "writer.hpp"

#include <sqlite3.h>

#include <future>
#include <utility>

#include "agentpipe/base/log.hpp"
#include "meta.hpp"

namespace agentpipe::store::sqlite {

Writer::Writer(Database database, Checkpointer& checkpointer, Condition& condition, LogNumber last,
               const SqliteOptions& options)
    : options_(options),
      checkpointer_(checkpointer),
      condition_(condition),
      database_(std::move(database)),
      recorder_(database_, last),
      batches_(database_, recorder_),
      begin_(database_.connection(), "BEGIN IMMEDIATE"),
      commit_(database_.connection(), "COMMIT"),
      page_bytes_(static_cast<std::uint64_t>(database_.number("PRAGMA page_size").value_or(4096))),
      queue_(options),
      last_(last) {
  const auto after_commit = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<std::uint64_t*>(pages) = static_cast<std::uint64_t>(count);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_.connection(), after_commit, &log_pages_);
  thread_ = std::thread([this] { run(); });
}

Writer::~Writer() {
  queue_.close();
  thread_.join();
}

void Writer::add(JobPtr job) {
  auto pushed = condition_.accepts();
  if (pushed) pushed = queue_.push(job);
  if (!pushed) job->answer(pushed);
}

base::Result<void> Writer::perform(Task task) {
  std::promise<base::Result<void>> promise;
  add(task_job(std::move(task), [&](base::Result<void> result) { promise.set_value(std::move(result)); }));
  return promise.get_future().get();
}

void Writer::run() {
  while (true) {
    const std::vector<JobPtr> group = queue_.take();
    if (group.empty()) break;
    write(group);
    watch_log();
  }
  close();
}

void Writer::write(const std::vector<JobPtr>& group) {
  auto done = condition_.may_write();
  if (done) done = transact(group);
  // Looked at only once something was appended: until then another thread may set it while the index is
  // written.
  if (done && !recorder_.log().empty() && listener_) listener_(recorder_.log());
  if (done) recorder_.committed();
  for (const JobPtr& job : group) job->answer(done);
}

base::Result<void> Writer::transact(const std::vector<JobPtr>& group) {
  auto done = begin_.run();
  if (done) done = fill(group);
  if (done) done = commit_.run();
  if (done) {
    last_.store(recorder_.last(), std::memory_order_release);
    condition_.succeeded();
  } else {
    condition_.failed(done.error());
    roll_back();
  }
  return done;
}

base::Result<void> Writer::fill(const std::vector<JobPtr>& group) {
  const Workbench bench{database_, recorder_, batches_};
  for (const JobPtr& job : group) {
    if (auto done = job->write(bench); !done) return done;
  }
  return recorder_.finish();
}

void Writer::roll_back() {
  recorder_.rolled_back();
  if (sqlite3_get_autocommit(database_.connection()) != 0) return;  // SQLite did it by itself
  if (auto undone = database_.execute("ROLLBACK"); !undone) condition_.failed(undone.error());
}

// A log that was copied back whole begins anew with the next commit, and the hook tells a small number again.
// Under steady load the checkpointer never sees the end of it; once it has copied nearly all, the writer
// copies the rest.
void Writer::watch_log() {
  const std::uint64_t bytes = log_pages_ * page_bytes_;
  if (bytes < options_.checkpoint_bytes) {
    checkpointing_ = false;
  } else if (!checkpointing_) {
    checkpointing_ = true;
    checkpointer_.request();
  } else if (bytes >= options_.wal_limit || !checkpointer_.busy()) {
    copy_log_back(bytes >= options_.wal_limit);
    checkpointing_ = false;
  }
}

// At the limit readers of an old state are waited for, shortly: the log grows on only when they hold out.
void Writer::copy_log_back(bool at_limit) {
  constexpr int k_patience_ms = 250;
  sqlite3* connection = database_.connection();
  if (at_limit) sqlite3_busy_timeout(connection, k_patience_ms);
  const int mode = at_limit ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  sqlite3_wal_checkpoint_v2(connection, nullptr, mode, nullptr, nullptr);
  if (at_limit) sqlite3_busy_timeout(connection, static_cast<int>(options_.busy_timeout.count()));
}

void Writer::close() {
  if (!condition_.accepts()) return;
  auto marked = set_clean(database_, true);
  if (marked) {
    sqlite3_wal_checkpoint_v2(database_.connection(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  } else {
    base::log(base::LogLevel::warn, "the clean stop could not be noted", {{"error", marked.error().detail}});
  }
}

}  // namespace agentpipe::store::sqlite
