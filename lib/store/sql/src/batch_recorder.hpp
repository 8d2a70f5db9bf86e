#pragma once

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/batch.hpp"
#include "database.hpp"
#include "recorder.hpp"
#include "sources.hpp"

namespace agentpipe::store::sql {

/// Takes in the batches of numbered sources within the writer's transaction. After an error the transaction
/// must be rolled back. The writer's thread only.
class BatchRecorder {
 public:
  BatchRecorder(Database& database, Recorder& recorder) : database_(database), recorder_(recorder) {}

  base::Result<Received> record(Batch& batch);

 private:
  base::Result<void> record_new(Batch& batch, Taken& taken);
  base::Result<void> note_missing(const Batch& batch, std::uint64_t count);

  Database& database_;
  Recorder& recorder_;
};

}  // namespace agentpipe::store::sql
