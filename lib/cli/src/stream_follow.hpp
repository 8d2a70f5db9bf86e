#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/follow/folder_watch.hpp"
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

  /// `roots`: absolute paths of files and folders.
  Follower(std::vector<std::filesystem::path> roots, FileFollower::Reading reading, const Parts& parts);

  void run();
  /// What is being read, for messages.
  [[nodiscard]] const std::string& current() const { return current_; }

 private:
  void look_at_everything();
  void look_at(const std::filesystem::path& path);
  void look_into(const std::filesystem::path& folder);
  void look_at_file(const std::filesystem::path& path);
  void watch(const std::filesystem::path& folder);
  [[nodiscard]] bool is_own(const std::filesystem::path& path) const;
  [[nodiscard]] bool is_wanted(const std::filesystem::path& path) const;
  [[nodiscard]] bool stopped() const { return parts_.control.no_more_input().stop_requested(); }
  [[nodiscard]] base::Milliseconds patience() const;

  std::vector<std::filesystem::path> roots_;
  Parts parts_;
  FileFollower files_;
  std::set<std::filesystem::path> watched_;
  bool blind_somewhere_ = false;     ///< some folder has to be looked at now and then
  base::Milliseconds last_look_{0};  ///< at everything: how long it took
  std::size_t seen_ = 0;             ///< files, in the current look
  std::string current_;
};

/// Absolute paths of what to follow. Errors: what is not there, a symbolic link, a device.
base::Result<std::vector<std::filesystem::path>> followed_roots(
    const std::vector<std::string>& paths, const std::filesystem::path& working_directory);

}  // namespace agentpipe::cli
