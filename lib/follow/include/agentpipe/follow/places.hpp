#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agentpipe/base/result.hpp"
#include "agentpipe/follow/place.hpp"

namespace agentpipe::follow {

/// Remembers the places of many files in one file of the state folder. Each change is one appended line,
/// "CRC-32C of the rest, then the fields, separated by tabs"; the last line of a path counts, a damaged one
/// does not: at worst something is read again. Several processes may share the file; each rewrites it shorter
/// when it opens it and finds mostly old lines. One thread.
class Places {
 public:
  /// Reads what is there; makes the folder (mode 0700) when it is missing.
  static base::Result<Places> open(const std::filesystem::path& file);

  [[nodiscard]] const Place* find(const std::string& path) const;
  /// The place of these bytes under whatever name they had; null when they are not known.
  [[nodiscard]] const Place* find_moved(const Facts& facts) const;
  /// From now on changes are known to this object alone.
  void write_nothing() { writes_ = false; }
  base::Result<void> remember(const std::string& path, Place place);
  /// Where the file lies: what is written there is no news for anybody.
  [[nodiscard]] std::filesystem::path folder() const { return file_.parent_path(); }
  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  explicit Places(std::filesystem::path file) : file_(std::move(file)) {}
  void keep(const std::string& path, Place place);
  std::size_t read_lines(std::string_view text);

  std::filesystem::path file_;
  bool writes_ = true;
  std::map<std::string, Place> places_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Place> by_inode_;  ///< of a device; the newest
};

}  // namespace agentpipe::follow
