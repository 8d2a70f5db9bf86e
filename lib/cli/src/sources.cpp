#include "sources.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "upload_run.hpp"

namespace agentpipe::cli {
namespace {

namespace fs = std::filesystem;

const std::array k_sources = {
    Source{.name = "agentpipe",
           .label = "agentpipe",
           .given = "",
           .homes = {"~/.agentpipe"},
           .patterns = {"events/**", "states/**", "chats/**"}},
    Source{.name = "claude-code",
           .label = "Claude Code",
           .given = "$CLAUDE_CONFIG_DIR",
           .homes = {"$XDG_CONFIG_HOME/claude", "~/.claude"},
           .patterns = {"projects/**/*.jsonl"},
           .retention = Retention{"settings.json", "cleanupPeriodDays", 30}},
    Source{.name = "codex",
           .label = "Codex",
           .given = "$CODEX_HOME",
           .homes = {"~/.codex"},
           .patterns = {"sessions/**/rollout-*.jsonl", "archived_sessions/rollout-*.jsonl"}},
    Source{.name = "gemini",
           .label = "Gemini CLI",
           .given = "",
           .homes = {"~/.gemini"},
           .patterns = {"tmp/*/chats/**/*.jsonl", "tmp/*/chats/**/*.json"}},
    Source{.name = "opencode",
           .label = "OpenCode",
           .given = "$OPENCODE_DATA_DIR",
           .homes = {"$XDG_DATA_HOME/opencode"},
           .patterns = {"opencode.db", "opencode-*.db", "storage/session/*/ses_*.json"}},
    Source{.name = "goose",
           .label = "Goose",
           .given = "$GOOSE_PATH_ROOT/data/sessions",
           .homes = {"$XDG_DATA_HOME/goose/sessions", "~/.local/share/Block/goose/sessions"},
           .patterns = {"sessions.db", "*.jsonl"}},
    Source{.name = "copilot",
           .label = "GitHub Copilot CLI",
           .given = "$COPILOT_HOME",
           .homes = {"~/.copilot"},
           .patterns = {"session-state/*.jsonl", "session-state/*/events.jsonl"}},
    Source{.name = "cursor",
           .label = "Cursor",
           .given = "",
           .homes = {"~/.cursor"},
           .patterns = {"projects/*/agent-transcripts/*.txt", "projects/*/agent-transcripts/**/*.jsonl"}},
    Source{.name = "aider",
           .label = "Aider",
           .given = "",
           .homes = {},
           .patterns = {".aider.chat.history.md"},
           .lives = Source::Lives::in_projects},
};

/// Variables that have a value even when they are not set (XDG base directories).
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> k_defaults = {{
    {"XDG_CONFIG_HOME", "~/.config"},
    {"XDG_DATA_HOME", "~/.local/share"},
}};

std::string_view default_of(std::string_view variable) {
  const auto row = std::ranges::find(k_defaults, variable, [](const auto& each) { return each.first; });
  return row == k_defaults.end() ? std::string_view() : row->second;
}

/// "$NAME/rest" or "~/rest" as folders; relative ones count as not set. Empty when the variable is not set.
std::vector<fs::path> folders_at(std::string_view text, const World& world) {
  if (!text.starts_with('$')) return {config::expand_home(text, world.paths.home)};
  const auto slash = std::min(text.find('/'), text.size());
  const auto variable = text.substr(1, slash - 1);
  const auto below = text.substr(std::min(slash + 1, text.size()));
  const auto value = world.environment.get_or(variable, default_of(variable));
  std::vector<fs::path> folders;
  for (const auto each : base::split(value, ',')) {
    auto folder = config::expand_home(base::trim(each), world.paths.home);
    if (folder.is_absolute()) folders.push_back(below.empty() ? folder : folder / below);
  }
  return folders;
}

/// Adds the files below `folder` that `text` says.
void add(std::vector<follow::PathPattern>& all, const fs::path& folder, std::string_view text) {
  const auto wildcard = std::min(text.find_first_of("*?["), text.size());
  const auto slash = text.rfind('/', wildcard);
  const auto fixed = slash == std::string_view::npos ? std::string_view() : text.substr(0, slash);
  std::error_code error;
  auto real = fs::weakly_canonical(folder / fixed, error);
  if (error) return;
  if (!real.has_filename()) real = real.parent_path();
  follow::PathPattern pattern(std::move(real), text.substr(fixed.empty() ? 0 : slash + 1));
  if (std::ranges::find(all, pattern) == all.end()) all.push_back(std::move(pattern));
}

/// In projects, and where those lie side by side, in groups too.
void add_in_projects(std::vector<follow::PathPattern>& all, const Projects& projects, std::string_view text) {
  for (const auto& folder : projects.current) add(all, folder, text);
  for (const auto& folder : projects.listed) {
    for (const std::string_view deeper : {"", "*/", "*/*/"})
      add(all, folder, std::string(deeper).append(text));
  }
}

/// The folder above it, or itself, that git works on; nothing outside of a repository.
std::optional<fs::path> repository_of(fs::path folder) {
  std::error_code error;
  while (!fs::exists(folder / ".git", error)) {
    if (!folder.has_relative_path()) return std::nullopt;
    folder = folder.parent_path();
  }
  return folder;
}

}  // namespace

std::span<const Source> all_sources() {
  return k_sources;
}

std::string source_names() {
  std::string names;
  for (const auto& source : k_sources) names.append(names.empty() ? "" : ", ").append(source.name);
  return names;
}

base::Result<std::vector<const Source*>> sources_named(const std::vector<std::string>& names) {
  std::vector<const Source*> chosen;
  const auto is_meant = [](const Source& source, const std::string& name) {
    return belongs_to(source.name, name) || belongs_to(name, source.name);
  };
  for (const auto& name : names) {
    if (std::ranges::none_of(k_sources, [&](const Source& source) { return is_meant(source, name); }))
      return usage_error("--source: no agent is called '" + name + "'; it is one of " + source_names());
  }
  for (const auto& source : k_sources) {
    const bool meant = std::ranges::any_of(names, [&](const auto& name) { return is_meant(source, name); });
    if (names.empty() || meant) chosen.push_back(&source);
  }
  return chosen;
}

std::vector<fs::path> homes_of(const Source& source, const World& world) {
  auto given = source.given.empty() ? std::vector<fs::path>() : folders_at(source.given, world);
  if (!given.empty()) return given;
  std::vector<fs::path> homes;
  for (const auto home : source.homes) {
    if (home.empty()) continue;
    for (auto& folder : folders_at(home, world)) homes.push_back(std::move(folder));
  }
  return homes;
}

Projects projects_of(const config::ClientSettings& settings, const World& world) {
  Projects projects;
  projects.current.push_back(world.working_directory);
  if (auto top = repository_of(world.working_directory)) projects.current.push_back(std::move(*top));
  for (const auto folder : base::split(*settings.project_folders, ',')) {
    if (const auto name = base::trim(folder); !name.empty())
      projects.listed.push_back(config::expand_home(name, world.paths.home));
  }
  return projects;
}

std::vector<follow::PathPattern> patterns_of(const Source& source, const Projects& projects,
                                             const World& world) {
  std::vector<follow::PathPattern> patterns;
  for (const auto text : source.patterns) {
    if (text.empty()) continue;
    for (const auto& home : homes_of(source, world)) add(patterns, home, text);
    if (source.lives == Source::Lives::in_projects) add_in_projects(patterns, projects, text);
  }
  return patterns;
}

std::optional<unsigned> days_kept(const Source& source, const fs::path& home) {
  constexpr std::uint64_t k_most = 4UL << 20U;
  constexpr unsigned k_longest = 36'500;
  if (!source.retention) return std::nullopt;
  const auto text = base::read_file(home / source.retention->settings_file, k_most);
  if (!text) return source.retention->days;
  const auto settings = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!settings.is_object()) return source.retention->days;
  const auto days = settings.find(source.retention->key);
  if (days == settings.end() || !days->is_number_unsigned()) return source.retention->days;
  return static_cast<unsigned>(std::min<std::uint64_t>(days->get<std::uint64_t>(), k_longest));
}

}  // namespace agentpipe::cli
