#include <utility>

#include "agentpipe/base/time.hpp"
#include "agentpipe/service/escape.hpp"
#include "export_format.hpp"

namespace agentpipe::service {

namespace {

class MarkdownFormat final : public ExportFormat {
 public:
  void begin(std::string& out, const model::Session& session) override {
    out.append("# ").append(markdown_label(title_of(session))).append("\n\n");
    out.append("- Session: ").append(markdown_label(session.id)).append("\n");
    out.append("- Status: ").append(model::to_string(session.status)).append("\n");
    out.append("- Started: ").append(base::format_rfc3339(session.started_at)).append("\n");
    out.append("- Messages: ").append(std::to_string(session.totals.messages)).append("\n");
    for (const auto& agent : session.participants) {
      out.append("- Agent: ").append(markdown_label(agent.name.value_or(agent.agent_id)));
      out.append(" (").append(markdown_label(agent.agent_type)).append(")\n");
    }
    if (!session.initial_prompt.empty())
      out.append("\n## Prompt\n\n").append(markdown_block(session.initial_prompt));
    out.append("\n## Messages\n");
  }
  void message(std::string& out, const model::Message& message) override {
    const auto& body = message.body;
    out.append("\n### ").append(std::to_string(message.sequence)).append(". ");
    out.append(markdown_label(body.agent_name.value_or(body.agent_type))).append(" · ");
    out.append(markdown_label(body.role)).append(" · ").append(base::format_rfc3339(message.at));
    out.append("\n\n").append(markdown_block(body.content));
  }
  void note(std::string& out, const model::Event& event) override {
    if (!std::exchange(in_notes_, true)) out.append("\n## Notes\n\n");
    const auto* error = std::get_if<model::ConversationError>(&event.body);
    const auto* entry = std::get_if<model::LogEntry>(&event.body);
    out.append("- ").append(base::format_rfc3339(event.at)).append(" ");
    out.append(error != nullptr ? "error: " + markdown_label(error->error_message)
                                : markdown_label(entry != nullptr ? entry->content : ""));
    out += '\n';
  }
  void end(std::string& out, const model::Session& session) override {
    if (session.summary) out.append("\n## Summary\n\n").append(markdown_block(session.summary->text));
  }

 private:
  bool in_notes_ = false;
};

}  // namespace

std::unique_ptr<ExportFormat> markdown_format() {
  return std::make_unique<MarkdownFormat>();
}

}  // namespace agentpipe::service
