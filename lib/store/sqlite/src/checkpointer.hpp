#pragma once

#include <condition_variable>
#include <thread>

#include "agentpipe/base/thread_annotations.hpp"
#include "connection.hpp"

namespace agentpipe::store::sqlite {

/// Copies the write-ahead log back into the database beside the writer, on a connection and thread of its
/// own, so that no commit waits for it.
class Checkpointer {
 public:
  explicit Checkpointer(Database database);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Never waits. Thread-safe.
  void request();
  /// Is a request not finished yet? Thread-safe.
  [[nodiscard]] bool busy() const;

 private:
  void run();

  Database database_;  // the thread's

  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  bool requested_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace agentpipe::store::sqlite
