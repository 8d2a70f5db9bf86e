#include "database_reader.hpp"
#include "document.hpp"
#include "go_session.hpp"
#include "json_scan.hpp"
#include "opencode_session.hpp"
#include "rows.hpp"

/// What `opencode export <id>` prints: `{"info": …, "messages": [{"info": …, "parts": […]}]}`.
namespace agentpipe::formats {
namespace {

class OpenCodeExport final : public DocumentReader {
 public:
  using DocumentReader::DocumentReader;

 private:
  void read(std::string_view document, Sink& sink) override {
    JsonLine json;
    const auto root = json.parse(document);
    if (!root) return report_document(document, root.error(), sink);
    const auto info = (*root)["info"];
    opencode::Session session({info["id"].text(), info["parentID"].text(), info["title"].text(),
                               info["directory"].text(), time_of_ms(info["time"]["created"].count_or_0())},
                              origin(), Writer::gone);
    (*root)["messages"].each([&](const Node& message) {
      session.message({}, message["info"], sink);
      message["parts"].each([&](const Node& part) { session.part(part, sink); });
    });
    session.finish(time_of_ms(info["time"]["updated"].count_or_0()), sink);
  }
};

}  // namespace

bool is_opencode_export(std::string_view head, const Origin&) {
  const auto top = scan_top_level(head);
  return top.has("info") && top.has("messages") && (top.message_has("info") || top.message_has("parts"));
}

std::unique_ptr<Reader> open_opencode_export(const Origin& origin) {
  return std::make_unique<OpenCodeExport>(origin);
}

}  // namespace agentpipe::formats
