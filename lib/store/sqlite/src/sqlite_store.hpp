#pragma once

#include <string>
#include <vector>

#include "agentpipe/store/sqlite/open.hpp"
#include "checkpointer.hpp"
#include "condition.hpp"
#include "reading_store.hpp"
#include "search_indexer.hpp"
#include "writer.hpp"

namespace agentpipe::store::sqlite {

/// What open_sqlite() found and opened, ready to be put together.
struct Opened {
  base::FileDescriptor lock;
  Database main;
  Database checkpoints;
  std::vector<Database> readers;
  std::string epoch;
  LogNumber last = 0;
  LogNumber indexed = 0;
};

/// The server's store: one writer, a few readers.
class SqliteStore final : public ReadingStore {
 public:
  SqliteStore(Opened opened, const SqliteOptions& options);

  void on_commit(CommitListener listener) override { writer_.on_commit(std::move(listener)); }
  void append(Append request, AppendDone done) override {
    writer_.add(append_job(std::move(request), std::move(done)));
  }
  void append_batch(Batch batch, BatchDone done) override {
    writer_.add(batch_job(std::move(batch), std::move(done)));
  }
  base::Result<std::size_t> interrupt_silent(base::Timestamp heard_since, base::Timestamp now,
                                             std::int64_t limit) override;
  LogNumber last_number() override { return writer_.last_number(); }
  base::Result<void> add_key(const Key& key) override;
  base::Result<void> revoke_key(const std::string& id_or_name, base::Timestamp at) override;
  base::Result<void> note_key_uses(const std::vector<KeyUse>& uses) override;
  base::Result<void> add_share(const Share& share) override;
  base::Result<void> revoke_share(const std::string& id, base::Timestamp at) override;
  base::Result<void> note_share_use(const std::string& id, base::Timestamp at) override;
  base::Result<void> health() override { return condition_.health(); }

 private:
  Condition condition_;
  Checkpointer checkpointer_;
  Writer writer_;
  SearchIndexer indexer_;  // goes first
};

}  // namespace agentpipe::store::sqlite
