#include "agentpipe/model/codec.hpp"
#include "document.hpp"
#include "json_scan.hpp"
#include "rows.hpp"

/// A whole session as `POST /api/sessions/upload` takes it, in both its shapes, and the JSON export of our
/// own server.
namespace agentpipe::formats {
namespace {

class UploadReader final : public DocumentReader {
 public:
  using DocumentReader::DocumentReader;

 private:
  void read(std::string_view document, Sink& sink) override {
    auto upload = model::decode_upload(document, origin().arrived);
    if (!upload) {
      if (upload.error().reason == "invalid_json") return report_document(document, upload.error(), sink);
      return sink.problem({0, upload.error().message});
    }
    auto& started = std::get<model::ConversationStarted>(upload->events.front().body);
    if (!started.source_format) started.source_format = "session-upload";
    for (auto& event : upload->events) sink.event(std::move(event));
  }
};

}  // namespace

bool is_session_upload(std::string_view head, const Origin&) {
  const auto top = scan_top_level(head);
  if (top.has("conversation")) return top.has("messages") || top.has("agents") || top.has("participants");
  return top.has("session") && (top.has("messages") || top.has("participants"));
}

std::unique_ptr<Reader> open_session_upload(const Origin& origin) {
  return std::make_unique<UploadReader>(origin);
}

}  // namespace agentpipe::formats
