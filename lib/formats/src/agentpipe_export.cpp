#include "clean.hpp"
#include "document.hpp"
#include "go_session.hpp"
#include "json_scan.hpp"
#include "rows.hpp"

/// What `agentpipe export --format json` writes: `{title?, exported_at, messages, summary?}`.
namespace agentpipe::formats {
namespace {

class ExportReader final : public DocumentReader {
 public:
  using DocumentReader::DocumentReader;

 private:
  void read(std::string_view document, Sink& sink) override {
    auto exported = parse_go_document(document);
    if (!exported) return report_document(document, exported.error(), sink);
    Draft draft("agentpipe-export", origin().arrived);
    if (!exported->title.empty()) draft.started.name = label(exported->title);
    draft.completed.total_messages = exported->total_messages;
    draft.completed.total_tokens = exported->total_tokens;
    draft.completed.total_cost = exported->total_cost;
    emit_messages(std::move(*exported), draft, sink);
  }
};

}  // namespace

bool is_agentpipe_export(std::string_view head, const Origin&) {
  const auto top = scan_top_level(head);
  if (top.has("conversation") || top.has("session") || top.has("config")) return false;
  const bool ours = top.message_has("AgentID") || top.message_has("AgentName");
  return (top.has("exported_at") && (top.has("messages") || top.keys.size() < 3)) || ours;
}

std::unique_ptr<Reader> open_agentpipe_export(const Origin& origin) {
  return std::make_unique<ExportReader>(origin);
}

}  // namespace agentpipe::formats
