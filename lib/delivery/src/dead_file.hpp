#pragma once

#include <filesystem>
#include <functional>

#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/file_system.hpp"
#include "spool_line.hpp"

namespace agentpipe::delivery {

/// The dead letters of one source.
class DeadFile {
 public:
  DeadFile(FileSystem& files, std::filesystem::path folder) : files_(files), folder_(std::move(folder)) {}

  /// On the disk when it returns.
  base::Result<void> add(const DeadLetter& letter, base::Timestamp at);
  /// Every line that is intact, in order. No file, no lines.
  base::Result<void> each_line(const std::function<void(const SpoolLine&)>& take) const;
  /// Leaves only what is no event. On the disk when it returns.
  base::Result<void> forget_events();
  /// An attempt to add the first letter may have come no further than to an empty file.
  void remove_empty();

 private:
  FileSystem& files_;
  std::filesystem::path folder_;
};

}  // namespace agentpipe::delivery
