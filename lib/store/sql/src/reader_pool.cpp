#include "reader_pool.hpp"

namespace agentpipe::store::sql {

ReaderPool::ReaderPool(std::vector<Database> readers) : readers_(std::move(readers)) {
  const base::MutexLock lock(mutex_);
  for (Database& reader : readers_) free_.push_back(&reader);
}

Database* ReaderPool::take() {
  const base::MutexLock lock(mutex_);
  while (free_.empty()) freed_.wait(mutex_);
  Database* reader = free_.back();
  free_.pop_back();
  return reader;
}

void ReaderPool::give_back(Database* reader) {
  {
    const base::MutexLock lock(mutex_);
    free_.push_back(reader);
  }
  freed_.notify_one();
}

base::Result<LogNumber> last_number_seen(Database& database) {
  LogNumber last = 0;
  auto done = database.statement("SELECT max(n) FROM events").query([&](Columns& columns) { columns(last); });
  if (!done) return base::forward(done);
  return last;
}

}  // namespace agentpipe::store::sql
