#include <filesystem>
#include <fstream>

#include "claude_meta.hpp"
#include "json_line.hpp"
#include "rows.hpp"

namespace agentpipe::formats {
namespace {

/// What `find` makes of the first line of which it makes something. The last line, which may be cut off, does
/// not count.
template <class Find>
std::string first_of(std::string_view head, Find find) {
  JsonLine json;
  for (auto end = head.find('\n'); end != std::string_view::npos; end = head.find('\n')) {
    const auto root = json.parse(head.substr(0, end));
    head.remove_prefix(end + 1);
    if (!root || !root->is_object()) continue;
    if (auto found = find(*root); !found.empty()) return found;
  }
  return {};
}

namespace fs = std::filesystem;

/// Forks of forks of forks.
constexpr int k_most_forks = 16;

/// Empty: there is no such file.
std::string head_of(const fs::path& path) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::regular) return {};
  std::string head(k_head, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

/// The session that the first record was copied from.
std::string claude_parent(std::string_view head) {
  std::string parent;
  first_of(head, [&](const Node& record) {
    parent = claude::forked_from(record);
    return record["uuid"].text();
  });
  return parent;
}

std::string claude_lineage_in(std::string_view head, const fs::path& path, int forks_left) {
  if (const auto parent = claude_parent(head); !parent.empty() && forks_left > 0) {
    const auto file = claude::file_beside(path, parent);
    if (const auto older = head_of(file); !older.empty())
      return claude_lineage_in(older, file, forks_left - 1);
  }
  auto id = first_of(head, [](const Node& record) {
    const auto type = record["type"].view();
    return type == "user" || type == "assistant" ? record["uuid"].text() : std::string();
  });
  return id.empty() ? id : "claude-code " + id;
}

}  // namespace

/// A fork begins with copies of the chain, under the ids that the records had: of the whole chain, or of what
/// a compaction has left of it.
std::string claude_lineage(std::string_view head, const Origin& origin) {
  return claude_lineage_in(head, origin.path, origin.path.empty() ? 0 : k_most_forks);
}

/// A forked rollout repeats the turns before it; or it leaves them where they are, and only the parts of one
/// session belong together.
std::string codex_lineage(std::string_view head, const Origin&) {
  auto id = first_of(head, [](const Node& record) {
    const auto type = record["type"].view();
    const auto payload = record["payload"];
    if (type == "turn_context") return payload["turn_id"].text();
    return type == "session_meta" && payload["history_mode"].view() == "paginated" ? payload["id"].text()
                                                                                   : std::string();
  });
  return id.empty() ? id : "codex " + id;
}

}  // namespace agentpipe::formats
