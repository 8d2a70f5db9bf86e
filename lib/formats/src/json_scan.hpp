#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::formats {

/// What the front of a JSON object shows without reading the rest: enough to tell formats apart by their
/// keys.
struct TopLevel {
  std::vector<std::string_view> keys;          ///< of the outermost object
  std::vector<std::string_view> message_keys;  ///< of the first object in its array "messages"
  std::string_view type;                       ///< its "type", when that is a string

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool message_has(std::string_view key) const;
};

/// Looks at `head`, which may stop anywhere. Nothing found when it is no object. Views into `head`.
TopLevel scan_top_level(std::string_view head);

/// Is one of the lines of `head` such an object? Other lines, a byte order mark and blanks are passed over.
bool any_line(std::string_view head, bool (*is_such)(const TopLevel& top));

struct Fault {
  std::uint64_t line = 0;  ///< from 1; 0: the place is not known
  std::string reason;
};

/// For a document that a JSON parser refused: where its brackets and quotes break.
Fault find_fault(std::string_view json);

}  // namespace agentpipe::formats
