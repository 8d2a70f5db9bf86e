#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"

namespace agentpipe::follow {

/// What may have happened since the last look.
struct Changes {
  std::vector<std::string> paths;  ///< files and folders that were written, made, moved here or removed
  bool anything = false;           ///< some were missed: look at everything
};

/// Waits until something happens in watched folders. One thread.
class FolderWatch {
 public:
  virtual ~FolderWatch() = default;
  /// Watches what lies directly in the folder. False: changes there go unnoticed, look again now and then.
  virtual bool add(const std::filesystem::path& folder) = 0;
  /// Waits until there is news, `wake_fd` is readable, or `longest` has passed; negative: no limit.
  virtual Changes wait(base::Milliseconds longest, int wake_fd) = 0;
};

/// With inotify. add() says no on network file systems, which do not tell what other machines write, and when
/// the system's limit of watches is reached. Null when there is no inotify at all.
std::unique_ptr<FolderWatch> make_inotify_watch();
/// Watches nothing, only waits.
std::unique_ptr<FolderWatch> make_blind_watch();

}  // namespace agentpipe::follow
