#include <algorithm>
#include <vector>

#include "agentpipe/base/files.hpp"
#include "document.hpp"
#include "json_scan.hpp"
#include "opencode_session.hpp"
#include "rows.hpp"

/// What older versions of OpenCode keep in place of a database: a session in
/// `storage/session/PROJECT/ID.json`, its messages in `storage/message/ID/`, their parts in
/// `storage/part/MESSAGE/`, a file each.
namespace agentpipe::formats {
namespace {

namespace fs = std::filesystem;

/// More messages than this no session has.
constexpr std::size_t k_max_files = 100'000;

/// Ids come from files and become parts of paths.
bool is_plain(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

/// Regular files, by name: ids rise with time. None when there is no such folder.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code gone;
    const bool regular = entry->symlink_status(gone).type() == fs::file_type::regular;
    if (regular && entry->path().extension() == ".json" && files.size() < k_max_files)
      files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

class OpenCodeTree final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  void tell(const Node& info, Sink& sink) override {
    const auto id = info["id"].text();
    if (!is_plain(id)) return sink.problem({0, "the session has no id"});
    opencode::Session session({id, info["parentID"].text(), info["title"].text(), info["directory"].text(),
                               info["time"]["created"].epoch_ms()},
                              origin(), origin().writer);
    const auto storage = origin().path.parent_path().parent_path().parent_path();
    for (const auto& file : files_in(storage / "message" / id)) add_message(file, storage, session, sink);
    session.finish(info["time"]["updated"].epoch_ms(), sink);
  }

  void add_message(const fs::path& file, const fs::path& storage, opencode::Session& session, Sink& sink) {
    const auto id = file.stem().string();
    const auto info = parse(file, sink);
    if (!info || !is_plain(id)) return;
    session.message(id, *info, sink);
    for (const auto& each : files_in(storage / "part" / id)) {
      if (const auto part = parse(each, sink)) session.part(*part, sink);
    }
  }

  /// Valid until the next file is parsed.
  base::Result<Node> parse(const fs::path& file, Sink& sink) {
    const auto text = base::read_file(file, k_max_document);
    auto node = text ? file_.parse(*text) : base::Result<Node>(base::forward(text));
    if (!node) sink.problem({0, file.filename().string() + " cannot be read; it was left out"});
    return node;
  }

  JsonLine file_;
};

}  // namespace

bool is_opencode_tree(std::string_view head, const Origin& origin) {
  if (origin.path.empty() || !origin.name.starts_with("ses_")) return false;
  const auto top = scan_top_level(head);
  return top.has("id") && top.has("time") && !top.has("messages") && !top.has("role");
}

std::unique_ptr<Reader> open_opencode_tree(const Origin& origin) {
  return std::make_unique<OpenCodeTree>(origin);
}

}  // namespace agentpipe::formats
