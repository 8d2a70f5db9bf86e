#include "otlp_span.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "otlp_facts.hpp"
#include "otlp_messages.hpp"

namespace agentpipe::formats::otlp {
namespace {

constexpr std::string_view k_assistant = "assistant";
/// Operations that call a model once. Of others (invoke_agent, execute_tool, …) the calls inside them tell.
constexpr std::array<std::string_view, 3> k_model_calls{"chat", "text_completion", "generate_content"};

const Names k_input{"gen_ai.input.messages", "gen_ai.prompt"};
const Names k_output{"gen_ai.output.messages", "gen_ai.completion"};
const Names k_operation{"gen_ai.operation.name"};
const Names k_model{"gen_ai.response.model", "gen_ai.request.model"};
const Names k_output_tokens{"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"};

bool calls_model(const Attributes& attributes) {
  const auto operation = attributes.text(k_operation);
  if (!operation.empty()) return std::ranges::find(k_model_calls, operation) != k_model_calls.end();
  return attributes.has(k_output) || attributes.has(k_output_tokens);
}

/// Collects what a session tells; `history` while it is told what the model said earlier.
class SpanSink final : public Sink {
 public:
  model::SpanEvents events;
  bool history = false;

  void event(model::Event event) override {
    const bool opens = history || std::holds_alternative<model::ConversationStarted>(event.body);
    using Needed = model::SpanEvent::Needed;
    events.push_back({opens ? Needed::by_new_conversation : Needed::always, std::move(event)});
  }
  void skipped(Skip /*why*/, std::uint64_t /*line*/) override {}
  void problem(Problem /*problem*/) override {}
};

model::Json origin_of(const Span& span) {
  model::Json json;
  model::JsonWriter(json.text)
      .begin_object()
      .field("trace_id", span.trace_id)
      .field("span_id", span.span_id)
      .end_object();
  return json;
}

/// One call of a model on its way into its conversation.
class Call {
 public:
  Call(const Span& span, const Origin& origin)
      : span_(span), speaker_(speaker_of(span)), session_(k_source, native_id(span), origin) {
    if (const auto host = span.resource.text({"host.name"}); !host.empty())
      session_.started.machine = std::string(base::truncate_utf8(host, model::k_max_label));
  }

  void tell() {
    auto given = read_instructions(span_.attributes.json({"gen_ai.system_instructions"}));
    std::ranges::move(read_messages(span_.attributes.json(k_input), k_user), std::back_inserter(given));
    open(given);
    for (auto& message : given) tell_given(std::move(message));
    tell_answers();
  }
  void tell_error() {
    if (span_.error.empty()) return;
    session_.error(span_.end, span_.attributes.text({"error.type"}), span_.error, sink_);
  }
  model::SpanEvents take() { return std::move(sink_.events); }

 private:
  void open(const std::vector<AgentMessage>& given) {
    session_.join(k_user, k_user);
    session_.join(speaker_.id, speaker_.type, speaker_.name);
    const auto prompt = std::ranges::find(given, k_user, &AgentMessage::role);
    if (prompt != given.end()) session_.asked(prompt->parts.content());
  }

  void tell_given(AgentMessage message) {
    sink_.history = message.role == k_assistant;
    message.agent_id = message.role == k_assistant ? speaker_.id : message.role;
    session_.message(span_.start, std::move(message), sink_);
    sink_.history = false;
  }

  void tell_answers() {
    auto answers = read_messages(span_.attributes.json(k_output), k_assistant);
    const auto usage = usage_of(span_.attributes);
    if (answers.empty() && (span_.error.empty() || usage.total() > 0)) answers.push_back(not_captured());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      auto& answer = answers[i];
      answer.id = span_.trace_id + '.' + span_.span_id + '.' + std::to_string(i);
      answer.role = k_assistant;
      answer.agent_id = speaker_.id;
      answer.model = std::string(span_.attributes.text(k_model));
      answer.metadata = origin_of(span_);
      if (i == 0) account(answer, usage);  // several are choices of one call
      session_.message(span_.end, std::move(answer), sink_);
    }
  }

  void account(AgentMessage& answer, const Usage& usage) const {
    if (usage.total() > 0) answer.usage = usage;
    answer.reported_cost = span_.attributes.money("gen_ai.usage.cost");
    answer.duration_ms = (span_.end - span_.start).count();
  }

  static AgentMessage not_captured() {
    AgentMessage message;
    message.parts.notice("not_captured", "*The exporter sends no content*");
    return message;
  }

  const Span& span_;
  Speaker speaker_;
  AgentSession session_;
  SpanSink sink_;
};

}  // namespace

base::Result<model::SpanEvents> read_span(const Node& node, const Node& resource, const Origin& origin) {
  Attributes attributes;
  attributes.add(node["attributes"]);
  node["events"].each([&](const Node& event) { attributes.add(event["attributes"]); });
  if (!attributes.any_with("gen_ai.")) return model::SpanEvents();
  const bool tells = calls_model(attributes);
  const auto span = facts_of(node, std::move(attributes), resource);
  if (!span) return base::forward(span);
  Call call(*span, origin);
  if (tells) call.tell();
  call.tell_error();
  return call.take();
}

}  // namespace agentpipe::formats::otlp
