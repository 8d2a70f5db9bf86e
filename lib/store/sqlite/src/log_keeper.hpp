#pragma once

#include <cstdint>

#include "agentpipe/store/sqlite/open.hpp"
#include "checkpointer.hpp"
#include "upkeep.hpp"

namespace agentpipe::store::sqlite {

/// Keeps the write-ahead log short beside the writer, and marks the clean stop.
class LogKeeper final : public sql::Upkeep {
 public:
  /// `main` is the writer's connection, `checkpoints` another one to the same file.
  LogKeeper(Database& main, Database checkpoints, const SqliteOptions& options);

  void between(Database& main) override;
  void at_end(Database& main) override;

 private:
  void copy_back(Database& main, bool at_limit);

  const SqliteOptions options_;
  Checkpointer checkpointer_;
  std::uint64_t page_bytes_ = 0;
  std::uint64_t log_pages_ = 0;  // in the write-ahead log, as the last commit told
  bool checkpointing_ = false;   // asked for since the log began
};

}  // namespace agentpipe::store::sqlite
