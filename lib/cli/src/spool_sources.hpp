#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agentpipe/cli/world.hpp"
#include "agentpipe/delivery/spool_folder.hpp"
#include "stream_spool.hpp"

namespace agentpipe::cli {

/// This world's spool with its file system.
struct OpenedSpool {
  explicit OpenedSpool(const World& world)
      : files(delivery::make_posix_file_system()), folder(*files, world.clock, spool_root(world)) {}

  std::unique_ptr<delivery::FileSystem> files;
  delivery::SpoolFolder folder;
};

/// The sources whose names begin with these words; all of them for no words. `not_found` when a word fits
/// none, `conflict` when it fits several.
base::Result<std::vector<delivery::SourceSummary>> chosen_sources(delivery::SpoolFolder& folder,
                                                                  const std::vector<std::string>& names);

/// How a run ended with a server, for `status`: at least one event delivered, trouble (or empty).
void note_in_journal(delivery::SpoolFolder& folder, const std::string& url, std::uint64_t delivered,
                     const std::string& trouble, const base::Clock& clock);

}  // namespace agentpipe::cli
