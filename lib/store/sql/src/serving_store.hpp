#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/files.hpp"
#include "agentpipe/store/options.hpp"
#include "condition.hpp"
#include "reading_store.hpp"
#include "upkeep.hpp"
#include "writer.hpp"

namespace agentpipe::store::sql {

/// What an engine opened, ready to be put together.
struct Opened {
  base::FileDescriptor lock;  ///< given up when all else is closed
  Database main;
  std::vector<Database> readers;
  std::string epoch;
  LogNumber last = 0;
};

/// The server's store: one writer, a few readers.
class ServingStore : public ReadingStore {
 public:
  ServingStore(Opened opened, std::unique_ptr<Upkeep> upkeep, const QueueLimits& limits, Space space,
               base::Clock& clock);

  void on_commit(CommitListener listener) final { writer_.on_commit(std::move(listener)); }
  void append(Append request, AppendDone done) final {
    writer_.add(append_job(std::move(request), std::move(done)));
  }
  void append_batch(Batch batch, BatchDone done) final {
    writer_.add(batch_job(std::move(batch), std::move(done)));
  }
  base::Result<std::size_t> interrupt_silent(base::Timestamp heard_since, base::Timestamp now,
                                             std::int64_t limit) final;
  LogNumber last_number() final { return writer_.last_number(); }
  base::Result<void> add_key(const Key& key) final;
  base::Result<void> revoke_key(const std::string& id_or_name, base::Timestamp at) final;
  base::Result<void> note_key_uses(const std::vector<KeyUse>& uses) final;
  base::Result<void> add_share(const Share& share) final;
  base::Result<void> revoke_share(const std::string& id, base::Timestamp at) final;
  base::Result<void> note_share_use(const std::string& id, base::Timestamp at) final;
  base::Result<void> health() override { return condition_.health(); }

 protected:
  Writer& writer() { return writer_; }

 private:
  Condition condition_;
  std::unique_ptr<Upkeep> upkeep_;
  Writer writer_;  // goes first
};

}  // namespace agentpipe::store::sql
