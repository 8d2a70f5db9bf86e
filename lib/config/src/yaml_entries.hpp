#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::config {

/// One scalar of a section: mappings in it are flattened to "auth.token", lists to "redact.patterns[0].kind"
/// or "url[0]", an empty list to "redact.patterns[]".
struct Entry {
  std::string key;
  std::string value;  ///< empty for null
  std::size_t line = 0;
};

/// The scalars of the mapping `section` of a YAML text (empty: the text's root). Nothing when the section is
/// missing. `configuration`, beginning with "<path>:<line>: ", for what is not YAML, not a mapping, nested
/// too deep, or a key that stands twice. Aliases and merges (<<) are refused: nothing in our settings needs
/// them.
base::Result<std::optional<std::vector<Entry>>> read_entries(std::string_view text, std::string_view section,
                                                             std::string_view path);

}  // namespace agentpipe::config
