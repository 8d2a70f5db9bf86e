#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::config {

/// One key of section `bridge:` and its new value as the file's owner would write it (unquoted).
struct Change {
  std::string key;
  std::string value;
};

/// The text of a config file with the section's keys changed and every other byte as it was: comments, order,
/// other sections, line ends, a missing newline at the end. Section and keys that are missing are added.
/// `configuration`, with the line, for what cannot be changed safely (not YAML, tabs, aliases and merges in
/// the section). The result has been parsed again and says what was asked for.
base::Result<std::string> edit_bridge_section(std::string_view text, const std::vector<Change>& changes,
                                              std::string_view path = "config");

/// What a rewrite did besides the wish, for the user.
struct EditReport {
  bool created = false;                 ///< there was no file
  bool was_readable_by_others = false;  ///< it is 0600 now
};

/// Reads, edits and replaces the file atomically with mode 0600.
base::Result<EditReport> edit_config_file(const std::filesystem::path& path,
                                          const std::vector<Change>& changes);

}  // namespace agentpipe::config
