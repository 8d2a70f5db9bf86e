#include "stream_spool.hpp"

namespace agentpipe::cli {

std::filesystem::path spool_root(const World& world) {
  return world.paths.state / "spool";
}

StreamSpool::StreamSpool(const World& world, delivery::DiskSpoolOptions options, StreamConsole& console)
    : files_(delivery::make_posix_file_system()), folder_(*files_, world.clock, spool_root(world)) {
  auto made = folder_.create(std::move(options));
  if (made) {
    disk_ = std::move(*made);
    if (folder_.is_remote()) {
      console.note("the spool lies on a network file system, where locks and syncs may not hold: " +
                   spool_root(world).string() + "; set XDG_STATE_HOME to a local folder");
    }
    syncer_.emplace(*disk_, world.clock);
    return;
  }
  console.note("there is no spool, what is not delivered at the end is lost: " + made.error().message);
  memory_ = std::make_unique<delivery::MemorySpool>(delivery::MemorySpool::Limits{});
}

bool StreamSpool::sync() {
  if (!disk_) return true;
  disk_->sync();
  return disk_->only_in_memory() == 0;
}

std::uint64_t StreamSpool::close() {
  syncer_.reset();
  if (!disk_) return memory_->last_appended() - memory_->last_acknowledged();
  disk_->finish();
  return disk_->only_in_memory();
}

}  // namespace agentpipe::cli
