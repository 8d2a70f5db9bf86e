#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/follow/place.hpp"
#include "sources.hpp"

namespace agentpipe::cli {

/// An answer that is being written does not stop for so long; a file that rests has whole answers.
inline constexpr std::chrono::minutes k_resting{2};

/// Folders within folders are walked so deep; no tool keeps its sessions further down.
inline constexpr int k_deepest_folder = 32;

[[nodiscard]] base::Timestamp modified_at(const follow::Facts& facts);

/// A session file of an agent, as the file system tells it.
struct FoundFile {
  std::filesystem::path path;
  follow::Facts facts;
  [[nodiscard]] base::Timestamp modified() const { return modified_at(facts); }
};

/// As follow::facts_of(); for a database, with what its write-ahead log holds.
base::Result<follow::Facts> session_facts(const std::filesystem::path& path);

/// The session file that is meant when something at `changed` was written: what goes into a database comes
/// into the log beside it first.
std::filesystem::path session_file_of(const std::filesystem::path& changed);

/// What lies on this machine of one agent; files by path.
struct FoundSource {
  const Source* source = nullptr;
  std::vector<FoundFile> files;

  [[nodiscard]] std::uint64_t bytes() const;
  /// The file that was changed the longest time ago; nothing when there is none.
  [[nodiscard]] std::optional<base::Timestamp> oldest() const;
};

/// Looks for the files of these agents whose path holds `part`; agents without any are left out. Opens no
/// file.
std::vector<FoundSource> find_sessions(const std::vector<const Source*>& sources, const Projects& projects,
                                       const World& world, std::string_view part = {});

/// The files of one session, by the id that its tool gave it: those whose path names it.
std::vector<std::filesystem::path> files_of_session(std::string_view source, std::string_view session,
                                                    const World& world);

/// A table for people: agent, files, size, oldest. Whole lines.
std::string table_of(const std::vector<FoundSource>& found);

}  // namespace agentpipe::cli
