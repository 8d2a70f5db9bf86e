#include "otlp_facts.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "clean.hpp"
#include "times.hpp"

namespace agentpipe::formats::otlp {
namespace {

constexpr std::size_t k_trace_digits = 32;
constexpr std::size_t k_span_digits = 16;

const Names k_conversation{"gen_ai.conversation.id", "session.id", "conversation.id"};
const Names k_provider{"gen_ai.provider.name", "gen_ai.system"};
const Names k_model{"gen_ai.response.model", "gen_ai.request.model"};
const Names k_input_tokens{"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"};

using Time = std::optional<base::Timestamp>;

auto wrong(std::string sentence) {
  return base::failure(base::ErrorCode::invalid, std::move(sentence));
}

base::Result<std::string> hex_id(const Node& node, std::size_t digits, const std::string& name) {
  auto id = base::to_lower(node.view());
  const bool hex = id.find_first_not_of("0123456789abcdef") == std::string::npos;
  const bool some = id.find_first_not_of('0') != std::string::npos;
  if (id.size() != digits || !hex || !some)
    return wrong(name + " must be " + std::to_string(digits) + " hexadecimal digits, not all of them 0");
  return id;
}

Time time_of(const Node& nanoseconds) {
  constexpr std::uint64_t k_per_millisecond = 1'000'000;
  return time_of_ms(static_cast<std::int64_t>(number_of(nanoseconds).value_or(0) / k_per_millisecond));
}

std::string error_of(const Node& status, const Attributes& attributes) {
  constexpr std::uint64_t k_error = 2;
  const auto code = status["code"];
  if (number_of(code) != k_error && code.view() != "STATUS_CODE_ERROR") return {};
  for (const auto told : {status["message"].view(), attributes.text({"error.type"})})
    if (!told.empty()) return std::string(told);
  return "The call failed";
}

std::string_view service_name(const Span& span) {
  const auto name = span.resource.text({"service.name"});
  return name.starts_with("unknown_service") ? std::string_view() : name;  // what SDKs say for "not set"
}

}  // namespace

base::Result<Span> facts_of(const Node& node, Attributes attributes, const Node& resource) {
  Span span;
  auto trace_id = hex_id(node["traceId"], k_trace_digits, "traceId");
  if (!trace_id) return base::forward(trace_id);
  auto span_id = hex_id(node["spanId"], k_span_digits, "spanId");
  if (!span_id) return base::forward(span_id);
  const auto start = time_of(node["startTimeUnixNano"]);
  if (!start) return wrong("startTimeUnixNano must be nanoseconds since 1970");
  span.start = *start;
  span.end = std::max(time_of(node["endTimeUnixNano"]).value_or(*start), *start);
  span.trace_id = std::move(*trace_id);
  span.span_id = std::move(*span_id);
  span.error = error_of(node["status"], attributes);
  span.attributes = std::move(attributes);
  span.resource.add(resource);
  return span;
}

base::Result<Span> facts_of_record(const Node& record, Attributes attributes, const Node& resource,
                                   base::Timestamp otherwise) {
  Span span;
  const auto take_id = [&](std::string& id, const char* name, std::size_t digits) -> base::Result<void> {
    if (record[name].view().empty()) return {};
    auto told = hex_id(record[name], digits, name);
    if (!told) return base::forward(told);
    id = std::move(*told);
    return {};
  };
  if (auto taken = take_id(span.trace_id, "traceId", k_trace_digits); !taken) return base::forward(taken);
  if (auto taken = take_id(span.span_id, "spanId", k_span_digits); !taken) return base::forward(taken);
  if (span.trace_id.empty() && attributes.text(k_conversation).empty())
    return wrong("it needs a traceId or the attribute gen_ai.conversation.id");
  const auto written = time_of(record["timeUnixNano"]);
  span.start = span.end = written ? *written : time_of(record["observedTimeUnixNano"]).value_or(otherwise);
  span.error = std::string(attributes.text({"error.type"}));
  span.attributes = std::move(attributes);
  span.resource.add(resource);
  return span;
}

std::string native_id(const Span& span) {
  constexpr std::size_t k_room = 100;
  constexpr std::size_t k_digits = 32;
  const auto told = span.attributes.text(k_conversation);
  if (told.empty()) return span.trace_id;
  const bool fits = told.size() <= k_room && safe_id(told) == told;
  return fits ? std::string(told) : base::sha256_hex(told).substr(0, k_digits);
}

Speaker speaker_of(const Span& span) {
  const auto provider = span.attributes.text(k_provider);
  const auto name = span.attributes.text({"gen_ai.agent.name"});
  const auto shown = !name.empty() ? name : service_name(span);
  const auto id = span.attributes.text({"gen_ai.agent.id"});
  Speaker speaker;
  for (const auto told : {id, shown, provider, span.agent, std::string_view("assistant")})
    if (speaker.id.empty()) speaker.id = safe_id(told);
  for (const auto told : {provider, span.agent, k_source})
    if (speaker.type.empty()) speaker.type = std::string(told);
  if (!shown.empty()) speaker.name = label(shown);
  return speaker;
}

Account account_of(const Span& span) {
  const auto& attributes = span.attributes;
  ReportedUsage reported;
  reported.input = attributes.count(k_input_tokens);
  reported.output = attributes.count(k_output_tokens);
  reported.cache_read = attributes.count({"gen_ai.usage.cache_read.input_tokens"});
  reported.cache_write = attributes.count({"gen_ai.usage.cache_creation.input_tokens"});
  reported.reasoning = attributes.count({"gen_ai.usage.reasoning.output_tokens"});
  Account account;
  account.model = std::string(attributes.text(k_model));
  account.usage = normalised(reported, InputRule::includes_cached);
  account.cost = attributes.money("gen_ai.usage.cost");
  if (span.end > span.start) account.duration_ms = (span.end - span.start).count();
  return account;
}

}  // namespace agentpipe::formats::otlp
