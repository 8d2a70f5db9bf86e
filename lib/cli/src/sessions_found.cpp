#include "sessions_found.hpp"

#include <algorithm>
#include <set>

#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t k_millisecond = 1'000'000;  // ns

/// All regular files below the pattern's folder that match it and whose path holds `part`. What cannot be
/// read is passed over.
void walk(const follow::PathPattern& pattern, std::string_view part, std::set<std::string>& seen,
          std::vector<FoundFile>& found) {
  const auto take = [&](const fs::path& path) {
    if (path.native().find(part) == std::string::npos) return;  // costs least
    if (!pattern.matches(path) || !seen.insert(path.native()).second) return;
    if (const auto facts = session_facts(path)) found.push_back({path, *facts});
  };
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator entry(pattern.folder(), options, error);
  if (error) return take(pattern.folder());
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (entry->symlink_status(gone).type() != fs::file_type::directory) {
      take(entry->path());
    } else if (entry.depth() >= k_deepest_folder || !pattern.leads_below(entry->path())) {
      entry.disable_recursion_pending();
    }
  }
}

/// A path compares part by part, which costs.
const std::string& name_of(const FoundFile& file) {
  return file.path.native();
}

/// Would an id like this stand in no path but its own?
bool names_one(std::string_view session) {
  constexpr std::size_t k_shortest = 8;
  return session.size() >= k_shortest && session.find('-') != std::string_view::npos &&
         session.find('/') == std::string_view::npos;
}

std::string padded(std::string text, std::size_t width) {
  return text.size() < width ? text.append(width - text.size(), ' ') : text;
}

std::string right(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string row(std::string agent, const std::string& files, const std::string& size,
                const std::string& oldest) {
  constexpr std::size_t k_agent = 14;
  constexpr std::size_t k_number = 10;
  return padded(std::move(agent), k_agent) + right(files, k_number) + right(size, k_number) + "  " + oldest +
         "\n";
}

}  // namespace

base::Timestamp modified_at(const follow::Facts& facts) {
  return base::Timestamp(base::Milliseconds(facts.modified_ns / k_millisecond));
}

fs::path session_file_of(const fs::path& changed) {
  constexpr std::string_view k_log = ".db-wal";
  constexpr std::size_t k_beside = std::string_view("-wal").size();
  const auto& name = changed.native();
  return name.ends_with(k_log) ? fs::path(name.substr(0, name.size() - k_beside)) : changed;
}

base::Result<follow::Facts> session_facts(const fs::path& path) {
  auto facts = follow::facts_of(path.native());
  if (!facts || path.extension() != ".db") return facts;
  if (const auto log = follow::facts_of(path.native() + "-wal")) {
    facts->size += log->size;
    facts->modified_ns = std::max(facts->modified_ns, log->modified_ns);
  }
  return facts;
}

std::uint64_t FoundSource::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& file : files) sum += file.facts.size;
  return sum;
}

std::optional<base::Timestamp> FoundSource::oldest() const {
  if (files.empty()) return std::nullopt;
  return std::ranges::min_element(files, {}, &FoundFile::modified)->modified();
}

std::vector<FoundSource> find_sessions(const std::vector<const Source*>& sources, const Projects& projects,
                                       const World& world, std::string_view part) {
  std::vector<FoundSource> all;
  for (const auto* source : sources) {
    FoundSource found{source, {}};
    std::set<std::string> seen;
    for (const auto& pattern : patterns_of(*source, projects, world)) walk(pattern, part, seen, found.files);
    std::ranges::sort(found.files, {}, &name_of);
    if (!found.files.empty()) all.push_back(std::move(found));
  }
  return all;
}

std::vector<fs::path> files_of_session(std::string_view source, std::string_view session,
                                       const World& world) {
  std::vector<fs::path> files;
  const auto row = std::ranges::find(all_sources(), source, &Source::name);
  if (row == all_sources().end() || !names_one(session)) return files;
  for (const auto& found : find_sessions({&*row}, {}, world, session)) {
    for (const auto& file : found.files) files.push_back(file.path);
  }
  return files;
}

std::string table_of(const std::vector<FoundSource>& found) {
  constexpr std::size_t k_date = 10;
  auto text = row("agent", "files", "size", "oldest");
  for (const auto& each : found) {
    text += row(std::string(each.source->label), base::group_digits(each.files.size()),
                base::human_bytes(each.bytes()), base::format_rfc3339(*each.oldest()).substr(0, k_date));
  }
  return text;
}

}  // namespace agentpipe::cli
