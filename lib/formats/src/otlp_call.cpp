#include "otlp_call.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agentpipe/model/json_writer.hpp"
#include "clean.hpp"
#include "otlp_messages.hpp"

namespace agentpipe::formats::otlp {
namespace {

constexpr std::string_view k_assistant = "assistant";
/// Operations that call a model once.
constexpr std::array<std::string_view, 3> k_model_calls{"chat", "text_completion", "generate_content"};
constexpr std::string_view k_indexed_prompt = "gen_ai.prompt.";
constexpr std::string_view k_indexed_completion = "gen_ai.completion.";

const Names k_input{"gen_ai.input.messages", "gen_ai.prompt"};
const Names k_output{"gen_ai.output.messages", "gen_ai.completion"};
const Names k_operation{"gen_ai.operation.name"};

model::Json origin_of(const Span& span) {
  model::Json json;
  if (span.span_id.empty()) return json;
  model::JsonWriter(json.text)
      .begin_object()
      .field("trace_id", span.trace_id)
      .field("span_id", span.span_id)
      .end_object();
  return json;
}

/// Where neither a span nor a call is named, what is said is the name.
std::string answer_id(const Span& span, std::string_view which) {
  if (!span.span_id.empty()) return span.trace_id + '.' + span.span_id + '.' + std::string(which);
  return span.call.empty() ? std::string() : span.call + '.' + std::string(which);
}

std::vector<AgentMessage> messages_in(const Attributes& attributes, Names names, std::string_view indexed,
                                      std::string_view role) {
  const bool whole = attributes.has(names) || !attributes.any_with(indexed);
  return read_messages(whole ? attributes.json(names) : indexed_messages(attributes, indexed), role);
}

}  // namespace

bool calls_model(const Attributes& attributes) {
  const auto operation = attributes.text(k_operation);
  if (!operation.empty()) return std::ranges::find(k_model_calls, operation) != k_model_calls.end();
  return attributes.has(k_output) || attributes.has(k_output_tokens) ||
         attributes.any_with(k_indexed_completion);
}

void Call::Collector::event(model::Event event) {
  const bool opens = history || std::holds_alternative<model::ConversationStarted>(event.body);
  using Needed = model::SpanEvent::Needed;
  events.push_back({opens ? Needed::by_new_conversation : Needed::always, std::move(event)});
}

Call::Call(const Span& span, Account account, const Origin& origin)
    : span_(span),
      account_(std::move(account)),
      speaker_(speaker_of(span)),
      session_(k_source, native_id(span), origin) {
  if (const auto host = span.resource.text({"host.name"}); !host.empty())
    session_.started.machine = label(host);
}

void Call::tell(std::vector<AgentMessage> given, std::vector<Answer> answers) {
  session_.join(k_user, k_user);
  session_.join(speaker_.id, speaker_.type, speaker_.name);
  const auto prompt = std::ranges::find(given, k_user, &AgentMessage::role);
  if (prompt != given.end()) session_.asked(prompt->parts.content());
  const bool unanswered = answers.empty();
  if (!unanswered) account(answers.front().message);
  for (auto& message : given) tell_given(std::move(message));
  for (auto& answer : answers) tell_answer(std::move(answer));
  if (unanswered && account_.usage.total() > 0) tell_usage_alone();
}

void Call::tell_attributes() {
  const auto& attributes = span_.attributes;
  auto given = read_instructions(attributes.json({"gen_ai.system_instructions"}));
  std::ranges::move(messages_in(attributes, k_input, k_indexed_prompt, k_user), std::back_inserter(given));
  std::vector<Answer> answers;
  for (auto& message : messages_in(attributes, k_output, k_indexed_completion, k_assistant))
    answers.push_back({answers.size(), std::move(message)});
  const bool silent = answers.empty() && account_.usage.total() == 0;
  tell(std::move(given), std::move(answers));
  // A record that tells only what a call is given is followed by another with the rest.
  if (silent && span_.error.empty() && account_.duration_ms) tell_usage_alone();
}

/// Exporters that send no content with spans may send it in log records: its message is another one.
void Call::tell_usage_alone() {
  auto message = by_speaker();
  message.id = answer_id(span_, "usage");
  message.parts.notice("not_captured", "*A call of the model; no content was exported*");
  account(message);
  session_.message(span_.end, std::move(message), sink_);
}

void Call::tell_error() {
  if (span_.error.empty()) return;
  session_.error(span_.end, span_.attributes.text({"error.type"}), span_.error, sink_);
}

void Call::tell_given(AgentMessage message) {
  sink_.history = message.role == k_assistant;
  message.agent_id = message.role == k_assistant ? speaker_.id : message.role;
  session_.message(span_.start, std::move(message), sink_);
  sink_.history = false;
}

AgentMessage Call::by_speaker() const {
  AgentMessage message;
  message.role = k_assistant;
  message.agent_id = speaker_.id;
  message.model = account_.model;
  message.metadata = origin_of(span_);
  return message;
}

void Call::tell_answer(Answer answer) {
  auto message = by_speaker();
  message.id = answer_id(span_, std::to_string(answer.choice));
  message.parts = std::move(answer.message.parts);
  message.usage = answer.message.usage;
  message.reported_cost = answer.message.reported_cost;
  message.duration_ms = answer.message.duration_ms;
  session_.message(span_.end, std::move(message), sink_);
}

void Call::account(AgentMessage& answer) const {
  if (account_.usage.total() > 0) answer.usage = account_.usage;
  answer.reported_cost = account_.cost;
  answer.duration_ms = account_.duration_ms;
}

}  // namespace agentpipe::formats::otlp
