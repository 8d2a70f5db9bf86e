#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/follow/folder_watch.hpp"
#include "agentpipe/follow/path_pattern.hpp"
#include "agentpipe/follow/places.hpp"
#include "agentpipe/formats/reader.hpp"
#include "follow_file.hpp"
#include "stream_control.hpp"

namespace agentpipe::cli {

/// More files than this are a mistake ("--follow /").
inline constexpr std::size_t k_max_followed = 200'000;

/// Looks at files and folders as they change, and hands what is new in them to a sink, until a signal ends
/// it. Keeps no file open. One thread.
class Follower {
 public:
  struct Parts {
    follow::Places& places;
    follow::FolderWatch& watch;
    const StreamControl& control;
    base::Clock& clock;
  };

  /// `roots`: what to follow; folders that are not there yet are waited for.
  Follower(std::vector<follow::PathPattern> roots, FileFollower::Reading reading, const Parts& parts);

  void run();
  /// What is being read, for messages.
  [[nodiscard]] const std::string& current() const { return current_; }

 private:
  void look_at_everything();
  void look_at_root(const follow::PathPattern& root);
  void look_at_roots_below(const std::filesystem::path& folder);
  void wait_for(const std::filesystem::path& missing);
  void look_at(const std::filesystem::path& path);
  void look_into(const std::filesystem::path& folder);
  void look_at_file(const std::filesystem::path& path);
  void watch(const std::filesystem::path& folder);
  [[nodiscard]] bool is_own(const std::filesystem::path& path) const;
  [[nodiscard]] bool is_wanted(const std::filesystem::path& file) const;
  [[nodiscard]] bool leads_to_wanted(const std::filesystem::path& folder) const;
  [[nodiscard]] bool stopped() const { return parts_.control.no_more_input().stop_requested(); }
  [[nodiscard]] base::Milliseconds patience() const;

  std::vector<follow::PathPattern> roots_;
  Parts parts_;
  FileFollower files_;
  std::set<std::filesystem::path> watched_;
  bool blind_somewhere_ = false;     ///< some folder has to be looked at now and then
  base::Milliseconds last_look_{0};  ///< at everything: how long it took
  std::size_t seen_ = 0;             ///< files, in the current look
  std::string current_;
};

/// What to follow: files, and folders with all below. Errors: what is not there, a symbolic link, a device.
base::Result<std::vector<follow::PathPattern>> followed_roots(const std::vector<std::string>& paths,
                                                              const std::filesystem::path& working_directory);

}  // namespace agentpipe::cli
