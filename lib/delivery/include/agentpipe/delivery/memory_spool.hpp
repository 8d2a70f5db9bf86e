#pragma once

#include <condition_variable>
#include <deque>

#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/delivery/spool.hpp"

namespace agentpipe::delivery {

/// A spool that lives as long as the process. Thread-safe.
class MemorySpool final : public Spool {
 public:
  struct Limits {
    std::size_t count = 100'000;
    std::size_t bytes = 40UL << 20U;      ///< leaves the process below 64 MiB
    std::size_t dead_bytes = 4UL << 20U;  ///< dead letters behind this keep their reason, not their content
  };

  explicit MemorySpool(Limits limits);

  using Spool::append;
  base::Result<RecordNumber> append(std::string_view event, Weight weight) override;
  base::Result<std::vector<Record>> read(RecordNumber after, std::size_t count, std::size_t bytes) override;
  base::Result<void> acknowledge(RecordNumber number) override;
  base::Result<void> bury(DeadLetter letter) override;
  base::Result<void> keep(DeadLetter letter) override;
  [[nodiscard]] RecordNumber last_appended() const override;
  [[nodiscard]] RecordNumber last_acknowledged() const override;
  [[nodiscard]] std::uint64_t dead_letters() const override;
  bool wait(RecordNumber after, base::Milliseconds length, const std::stop_token& stop) override;
  bool wait_for_room(std::size_t bytes, Weight weight, base::Milliseconds length,
                     const std::stop_token& stop) override;
  [[nodiscard]] std::string source_id() const override { return source_id_; }

  /// The dead letters so far, in order.
  [[nodiscard]] std::vector<DeadLetter> letters() const;

 private:
  [[nodiscard]] bool has_room(std::size_t bytes, Weight weight) const REQUIRES(mutex_);
  void add_letter(DeadLetter letter) REQUIRES(mutex_);
  void drop_dealt_with() REQUIRES(mutex_);

  struct Entry {
    Record record;
    bool dead = false;
  };

  const Limits limits_;
  const std::string source_id_;
  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Entry> waiting_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  RecordNumber last_ GUARDED_BY(mutex_) = 0;
  RecordNumber acknowledged_ GUARDED_BY(mutex_) = 0;
  std::vector<DeadLetter> letters_ GUARDED_BY(mutex_);
  std::size_t dead_bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace agentpipe::delivery
