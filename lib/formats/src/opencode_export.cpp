#include "document.hpp"
#include "json_scan.hpp"
#include "opencode_session.hpp"
#include "rows.hpp"

/// What `opencode export <id>` prints: `{"info": …, "messages": [{"info": …, "parts": […]}]}`.
namespace agentpipe::formats {
namespace {

class OpenCodeExport final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  void tell(const Node& root, Sink& sink) override {
    const auto info = root["info"];
    opencode::Session session({info["id"].text(), info["parentID"].text(), info["title"].text(),
                               info["directory"].text(), info["time"]["created"].epoch_ms()},
                              origin(), Writer::gone);
    root["messages"].each([&](const Node& message) {
      session.message({}, message["info"], sink);
      message["parts"].each([&](const Node& part) { session.part(part, sink); });
    });
    session.finish(info["time"]["updated"].epoch_ms(), sink);
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
