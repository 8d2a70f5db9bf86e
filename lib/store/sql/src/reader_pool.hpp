#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// A few read-only connections, lent to one caller at a time. Thread-safe.
class ReaderPool {
 public:
  explicit ReaderPool(std::vector<Database> readers);

  /// Calls `read(Database&)` in one read transaction: it sees one state of the database throughout.
  template <class Read>
  auto read(Read&& read) -> std::invoke_result_t<Read&, Database&> {
    const Lease lease{*this, take()};
    if (auto begun = lease.reader->connection().begin(Transaction::reading); !begun)
      return base::forward(begun);
    auto result = read(*lease.reader);
    if (auto ended = lease.reader->connection().roll_back(); !ended && result) return base::forward(ended);
    return result;
  }

 private:
  struct Lease {
    ReaderPool& pool;
    Database* reader;
    ~Lease() { pool.give_back(reader); }
  };

  Database* take();
  void give_back(Database* reader);

  std::vector<Database> readers_;

  base::Mutex mutex_;
  std::condition_variable_any freed_;
  std::vector<Database*> free_ GUARDED_BY(mutex_);
};

/// The last number that the current read transaction sees. Asked first, it fixes what is seen.
base::Result<LogNumber> last_number_seen(Database& database);

}  // namespace agentpipe::store::sql
