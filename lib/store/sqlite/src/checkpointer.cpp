#include "checkpointer.hpp"

#include <sqlite3.h>

#include <utility>

namespace agentpipe::store::sqlite {

Checkpointer::Checkpointer(Database database) : database_(std::move(database)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Checkpointer::request() {
  {
    const base::MutexLock lock(mutex_);
    if (std::exchange(requested_, true)) return;
  }
  changed_.notify_one();
}

bool Checkpointer::busy() const {
  const base::MutexLock lock(mutex_);
  return requested_;
}

void Checkpointer::run() {
  while (true) {
    {
      const base::MutexLock lock(mutex_);
      while (!requested_ && !stopping_) changed_.wait(mutex_);
      if (stopping_) return;
    }
    // What it cannot copy now stays in the log for the next time; a broken disk is the writer's to report.
    sqlite3_wal_checkpoint_v2(handle(database_), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    const base::MutexLock lock(mutex_);
    requested_ = false;
  }
}

}  // namespace agentpipe::store::sqlite
