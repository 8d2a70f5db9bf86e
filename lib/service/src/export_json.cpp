#include <utility>

#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/document.hpp"
#include "export_format.hpp"

namespace agentpipe::service {

namespace {

/// The document that POST /api/sessions/upload takes.
class JsonFormat final : public ExportFormat {
 public:
  void begin(std::string& out, const model::Session& session) override {
    const auto completed = completed_event(session);
    out += '{';
    out += model::encode_document_head(started_event(session), completed ? &*completed : nullptr);
    out += ",\"messages\":[";
  }
  void message(std::string& out, const model::Message& message) override {
    out += std::exchange(comma_, ",\n");
    out += model::encode_document_entry({message.at, message.body});
  }
  void note(std::string& out, const model::Event& event) override {
    begin_notes(out);
    out += std::exchange(comma_, ",\n");
    out += model::encode_document_entry(event);
  }
  void end(std::string& out, const model::Session&) override {
    begin_notes(out);
    out += "]}\n";
  }

 private:
  void begin_notes(std::string& out) {
    if (std::exchange(in_notes_, true)) return;
    out += "],\"notes\":[";
    comma_ = "\n";
  }

  std::string_view comma_ = "\n";
  bool in_notes_ = false;
};

/// The events that a stream takes, one a line.
class JsonlFormat final : public ExportFormat {
 public:
  void begin(std::string& out, const model::Session& session) override { line(out, started_event(session)); }
  void message(std::string& out, const model::Message& message) override {
    line(out, {message.at, message.body});
  }
  void note(std::string& out, const model::Event& event) override { line(out, event); }
  void end(std::string& out, const model::Session& session) override {
    if (const auto completed = completed_event(session)) line(out, *completed);
  }

 private:
  static void line(std::string& out, const model::Event& event) {
    out += model::encode_event(event);
    out += '\n';
  }
};

}  // namespace

std::unique_ptr<ExportFormat> json_format() {
  return std::make_unique<JsonFormat>();
}
std::unique_ptr<ExportFormat> jsonl_format() {
  return std::make_unique<JsonlFormat>();
}

}  // namespace agentpipe::service
