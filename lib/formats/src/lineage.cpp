#include <optional>

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

}  // namespace

/// A fork begins with copies of the whole chain, under the ids that the records had.
std::string claude_lineage(std::string_view head) {
  auto id = first_of(head, [](const Node& record) {
    const auto type = record["type"].view();
    return type == "user" || type == "assistant" ? record["uuid"].text() : std::string();
  });
  return id.empty() ? id : "claude-code " + id;
}

/// A forked rollout repeats the turns before it; or it leaves them where they are, and only the parts of one
/// session belong together.
std::string codex_lineage(std::string_view head) {
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
