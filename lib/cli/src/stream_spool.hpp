#pragma once

#include <memory>
#include <optional>

#include "agentpipe/cli/world.hpp"
#include "agentpipe/delivery/memory_spool.hpp"
#include "agentpipe/delivery/spool_folder.hpp"
#include "stream_console.hpp"

namespace agentpipe::cli {

/// The folder of all spools in this world.
[[nodiscard]] std::filesystem::path spool_root(const World& world);

/// Where a stream's events are until the server has them: on the disk, or in memory when there is no place
/// for them on it, which is said at once.
class StreamSpool {
 public:
  StreamSpool(const World& world, delivery::DiskSpoolOptions options, StreamConsole& console);

  [[nodiscard]] delivery::Spool& spool() { return disk_ ? static_cast<delivery::Spool&>(*disk_) : *memory_; }
  [[nodiscard]] bool is_on_disk() const { return disk_ != nullptr; }
  /// Brings everything to the disk that is to be there. False: the disk does not take it now.
  bool sync();
  /// Why the disk takes nothing; empty when it does, or when there is none.
  [[nodiscard]] std::string disk_trouble() const { return disk_ ? disk_->trouble() : std::string(); }
  [[nodiscard]] delivery::SpoolFolder& folder() { return folder_; }

  /// The end, when nobody writes or delivers any more: brings to the disk what is not there yet. Says how
  /// many of the records that wait will not be there for the next run.
  std::uint64_t close();

 private:
  std::unique_ptr<delivery::FileSystem> files_;
  delivery::SpoolFolder folder_;
  std::unique_ptr<delivery::DiskSpool> disk_;
  std::optional<delivery::SpoolSyncer> syncer_;
  std::unique_ptr<delivery::MemorySpool> memory_;
};

}  // namespace agentpipe::cli
