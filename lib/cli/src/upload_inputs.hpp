#pragma once

#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/formats/ledger.hpp"

namespace agentpipe::cli {

/// A tree of more files than this is a mistake ("upload /").
inline constexpr std::size_t k_max_inputs = 1'000'000;

/// One file to import, or why it is none.
struct Input {
  std::filesystem::path path;                                                 ///< "-": standard input
  enum class Choice : unsigned char { named, found } choice = Choice::named;  ///< by the user, or in a folder
  std::string obstacle{};  ///< "a symbolic link", "not a file", …; empty: can be read
  /// Shared by files that hold copies of each other's records: they are read in their order, by one worker.
  std::shared_ptr<formats::Ledger> ledger{};
  std::optional<std::string> lineage{};  ///< formats::Format::lineage; nothing: not looked for yet
  /// So many of its sessions are uploaded, and it has not changed: it is read only for those that share its
  /// ledger.
  std::optional<std::uint64_t> uploaded{};

  [[nodiscard]] bool is_standard_input() const { return path == "-"; }
};

/// What stands on the command line, as files: folders are walked (hidden files too, links not followed),
/// patterns that the shell left alone are matched (`*`, `?`, `[…]`, `**`), each file once, in the order of
/// the arguments and by name
/// within one. What cannot be read or is not there is an input with an obstacle. Error: `too_large`.
base::Result<std::vector<Input>> expand_inputs(const std::vector<std::string>& arguments,
                                               const std::filesystem::path& working_directory);

/// A file that is open for reading.
struct OpenInput {
  std::unique_ptr<std::istream> stream;
  base::Timestamp modified;
};

/// Opens a regular file; never a link, a device or a pipe, whatever has happened since it was found.
base::Result<OpenInput> open_input(const std::filesystem::path& path);

}  // namespace agentpipe::cli
