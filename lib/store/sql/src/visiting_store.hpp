#pragma once

#include <string>
#include <vector>

#include "agentpipe/base/thread_annotations.hpp"
#include "reading_store.hpp"

namespace agentpipe::store::sql {

/// A tool's store: reads, and changes keys, while a server may be at work on the same file.
class VisitingStore final : public ReadingStore {
 public:
  VisitingStore(Database main, std::vector<Database> readers, std::string epoch);

  void on_commit(CommitListener) override {}  // commits nothing that is logged
  void append(Append request, AppendDone done) override;
  void append_batch(Batch batch, BatchDone done) override;
  base::Result<std::size_t> interrupt_silent(base::Timestamp, base::Timestamp, std::int64_t) override;
  LogNumber last_number() override;
  base::Result<void> add_key(const Key& key) override;
  base::Result<void> revoke_key(const std::string& id_or_name, base::Timestamp at) override;
  base::Result<void> note_key_uses(const std::vector<KeyUse>& uses) override;
  base::Result<void> add_share(const Share& share) override;
  base::Result<void> revoke_share(const std::string& id, base::Timestamp at) override;
  base::Result<void> note_share_use(const std::string& id, base::Timestamp at) override;
  base::Result<void> health() override { return {}; }

 private:
  base::Mutex mutex_;
  Database main_ GUARDED_BY(mutex_);
};

}  // namespace agentpipe::store::sql
