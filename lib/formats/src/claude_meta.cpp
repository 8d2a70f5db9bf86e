#include "claude_meta.hpp"

#include "agentpipe/base/files.hpp"

namespace agentpipe::formats::claude {

Meta read_meta(const Origin& origin) {
  constexpr std::uint64_t k_most = 64UL << 10U;
  if (origin.path.empty() || !origin.name.starts_with("agent-")) return {};
  auto path = origin.path;
  path.replace_extension(".meta.json");
  std::error_code error;
  if (std::filesystem::symlink_status(path, error).type() != std::filesystem::file_type::regular) return {};
  const auto text = base::read_file(path, k_most);
  if (!text) return {};
  JsonLine json;
  const auto root = json.parse(*text);
  if (!root) return {};
  return {(*root)["toolUseId"].text(), (*root)["agentType"].label(), (*root)["description"].label()};
}

std::string forked_from(const Node& record) {
  auto session = record["forkedFrom"]["sessionId"].text();
  return session.find('/') == std::string::npos ? session : std::string();  // it becomes a file's name
}

std::filesystem::path file_beside(const std::filesystem::path& file, const std::string& session) {
  return file.parent_path() / (session + ".jsonl");
}

}  // namespace agentpipe::formats::claude
