#include <array>
#include <concepts>
#include <initializer_list>
#include <optional>

#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/service/escape.hpp"
#include "export_format.hpp"

namespace agentpipe::service {

namespace {

/// One line of RFC 4180.
class CsvLine {
 public:
  explicit CsvLine(std::string& out) : out_(out) {}
  ~CsvLine() { out_ += "\r\n"; }
  CsvLine(const CsvLine&) = delete;
  CsvLine& operator=(const CsvLine&) = delete;

  CsvLine& cell(std::string_view text) {
    separate();
    out_ += csv_cell(text);
    return *this;
  }
  CsvLine& cell(const std::string& text) { return cell(std::string_view(text)); }
  CsvLine& cell(base::Timestamp at) { return cell(base::format_rfc3339(at)); }
  /// Numbers are ours: what begins with a minus is no formula.
  CsvLine& cell(std::int64_t number) { return plain(std::to_string(number)); }
  CsvLine& cell(double number) {
    std::string text;
    model::JsonWriter(text).value(number);
    return plain(text);
  }
  template <class T>
  CsvLine& cell(const std::optional<T>& maybe) {
    return maybe ? cell(*maybe) : plain("");
  }

 private:
  void separate() {
    if (begun_) out_ += ',';
    begun_ = true;
  }
  CsvLine& plain(std::string_view text) {
    separate();
    out_ += text;
    return *this;
  }

  std::string& out_;
  bool begun_ = false;
};

class CsvFormat final : public ExportFormat {
 public:
  void begin(std::string& out, const model::Session&) override {
    out +=
        "sequence,timestamp,agent_id,agent_name,agent_type,role,model,input_tokens,output_tokens,total_"
        "tokens,"
        "cost,duration_ms,turn,message_id,content\r\n";
  }
  void message(std::string& out, const model::Message& message) override {
    const auto& body = message.body;
    CsvLine(out)
        .cell(message.sequence)
        .cell(message.at)
        .cell(body.agent_id)
        .cell(body.agent_name)
        .cell(body.agent_type)
        .cell(body.role)
        .cell(body.model)
        .cell(body.input_tokens)
        .cell(body.output_tokens)
        .cell(body.tokens_used)
        .cell(body.cost)
        .cell(body.duration_ms)
        .cell(body.turn_number)
        .cell(body.message_id)
        .cell(body.content);
  }
  void note(std::string&, const model::Event&) override {}
  void end(std::string&, const model::Session&) override {}
};

}  // namespace

std::unique_ptr<ExportFormat> csv_format() {
  return std::make_unique<CsvFormat>();
}

std::string session_csv_head() {
  return "id,name,status,source,mode,started_at,completed_at,messages,input_tokens,output_tokens,total_"
         "tokens,cost,"
         "errors,agents,machine,initial_prompt\r\n";
}

std::string session_csv_row(const model::Session& session) {
  std::string agents;
  for (const auto& participant : session.participants)
    agents.append(agents.empty() ? "" : " ").append(participant.agent_type);
  std::string out;
  CsvLine(out)
      .cell(session.id)
      .cell(title_of(session))
      .cell(model::to_string(session.status))
      .cell(session.source)
      .cell(session.mode)
      .cell(session.started_at)
      .cell(session.completed_at)
      .cell(session.totals.messages)
      .cell(session.totals.input_tokens)
      .cell(session.totals.output_tokens)
      .cell(session.totals.tokens)
      .cell(session.totals.cost)
      .cell(session.totals.errors)
      .cell(agents)
      .cell(session.machine)
      .cell(session.initial_prompt);
  return out;
}

}  // namespace agentpipe::service
