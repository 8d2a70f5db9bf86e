#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::follow {

/// Which files of a tree are meant: `*`, `?` and `[…]` stand for parts of one name, `**` for any number of
/// folders.
class PathPattern {
 public:
  /// `pattern` below `folder`, with slashes; folders without wildcard at its front count as part of `folder`.
  PathPattern(std::filesystem::path folder, std::string_view pattern);
  /// One file, whatever its name.
  static PathPattern file(std::filesystem::path path);

  /// Where to look: all that matches lies below, or is this file itself.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] bool matches(const std::filesystem::path& path) const;
  /// May something that matches lie below this folder?
  [[nodiscard]] bool leads_below(const std::filesystem::path& folder) const;

  bool operator==(const PathPattern&) const = default;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> parts_;
};

/// Is `path` the folder itself or below it? By their names; both absolute and normal.
bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace agentpipe::follow
