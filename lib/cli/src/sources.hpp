#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "agentpipe/follow/path_pattern.hpp"

namespace agentpipe::cli {

/// When a tool deletes its own old files.
struct Retention {
  std::string_view settings_file;  ///< JSON, in the agent's home
  std::string_view key;            ///< days, a number at its top level
  unsigned days = 0;               ///< without the key
};

/// One row of the table of agents whose sessions lie on this machine: what `upload --all`,
/// `stream --follow --all` and `status` look for. A new agent is a new row in sources.cpp, beside its readers
/// in lib/formats.
struct Source {
  std::string_view name;   ///< for --source; its formats are called so, or "<name>-…"
  std::string_view label;  ///< for people
  /// Folder from a variable, "$CODEX_HOME" or "$GOOSE_PATH_ROOT/data"; a value with commas names several.
  /// When it is set, `homes` do not count. Empty: there is none.
  std::string_view given;
  /// Else all of these: "~/…", "$XDG_CONFIG_HOME/…", "$XDG_DATA_HOME/…" (the latter two with their defaults).
  std::array<std::string_view, 3> homes;
  /// Files below a home (PathPattern).
  std::array<std::string_view, 4> patterns;
  /// `in_projects`: it has no folder of its own; its files lie in the projects that it works on.
  enum class Lives : unsigned char { at_home, in_projects } lives = Lives::at_home;
  std::optional<Retention> retention = std::nullopt;
};

std::span<const Source> all_sources();

/// "agentpipe, claude-code, …"
std::string source_names();

/// Rows whose name, or the family of it, is among `names` ("claude" for claude-code); all for an empty list.
/// A usage error for a name that is none.
base::Result<std::vector<const Source*>> sources_named(const std::vector<std::string>& names);

/// Folders of people's projects, absolute.
struct Projects {
  std::vector<std::filesystem::path> current;  ///< the working directory and the top of its repository
  std::vector<std::filesystem::path> listed;   ///< `project_folders`: projects, or folders that hold them
};
Projects projects_of(const config::ClientSettings& settings, const World& world);

/// The agent's folders, whether they are there or not; absolute.
std::vector<std::filesystem::path> homes_of(const Source& source, const World& world);
/// Where its files lie. Symbolic links in front of the first wildcard are resolved.
std::vector<follow::PathPattern> patterns_of(const Source& source, const Projects& projects,
                                             const World& world);

/// After how many days without a change the tool deletes a file of this home; nothing: it keeps them.
std::optional<unsigned> days_kept(const Source& source, const std::filesystem::path& home);

}  // namespace agentpipe::cli
