#include <utility>

#include "agentpipe/base/time.hpp"
#include "agentpipe/service/escape.hpp"
#include "export_format.hpp"

namespace agentpipe::service {

namespace {

// Nothing is fetched, nothing runs: the file is safe to open wherever it ends up.
constexpr std::string_view k_head_open =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
constexpr std::string_view k_head_close =
    "</title>\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}\n"
    "h2{font-size:1rem;margin:2rem 0 .25rem}\nh2 small{font-weight:normal;opacity:.7}\n"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:0}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}\ndd{margin:0}\n"
    "article{border-top:1px solid #8884}\n</style>\n</head>\n<body>\n";

void row(std::string& out, std::string_view name, std::string_view value) {
  out.append("<dt>").append(name).append("</dt><dd>").append(escape_html(value)).append("</dd>\n");
}

void article(std::string& out, const std::string& head, std::string_view small, std::string_view text) {
  out.append("<article>\n<h2>").append(escape_html(head)).append(" <small>").append(escape_html(small));
  out.append("</small></h2>\n<pre>").append(escape_html(text)).append("</pre>\n</article>\n");
}

class HtmlFormat final : public ExportFormat {
 public:
  void begin(std::string& out, const model::Session& session) override {
    const auto title = escape_html(title_of(session));
    out.append(k_head_open).append(title).append(k_head_close);
    out.append("<h1>").append(title).append("</h1>\n<dl>\n");
    row(out, "Session", session.id);
    row(out, "Status", model::to_string(session.status));
    row(out, "Started", base::format_rfc3339(session.started_at));
    row(out, "Messages", std::to_string(session.totals.messages));
    row(out, "Tokens", std::to_string(session.totals.tokens));
    for (const auto& agent : session.participants)
      row(out, "Agent", agent.name.value_or(agent.agent_id) + " (" + agent.agent_type + ")");
    out.append("</dl>\n");
    if (!session.initial_prompt.empty()) article(out, "Prompt", "", session.initial_prompt);
  }
  void message(std::string& out, const model::Message& message) override {
    const auto& body = message.body;
    article(out, std::to_string(message.sequence) + ". " + body.agent_name.value_or(body.agent_type),
            body.role + " · " + base::format_rfc3339(message.at), body.content);
  }
  void note(std::string& out, const model::Event& event) override {
    const auto* error = std::get_if<model::ConversationError>(&event.body);
    const auto* entry = std::get_if<model::LogEntry>(&event.body);
    const auto at = base::format_rfc3339(event.at);
    if (error != nullptr) article(out, "Error", at, error->error_message);
    if (entry != nullptr) article(out, "Note", at, entry->content);
  }
  void end(std::string& out, const model::Session& session) override {
    if (session.summary) article(out, "Summary", "", session.summary->text);
    out.append("</body>\n</html>\n");
  }
};

}  // namespace

std::unique_ptr<ExportFormat> html_format() {
  return std::make_unique<HtmlFormat>();
}

}  // namespace agentpipe::service
