#include "otlp_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "otlp_messages.hpp"

namespace agentpipe::formats::otlp {
namespace {

constexpr std::string_view k_details = "gen_ai.client.inference.operation.details";

/// Events that stand for one message, and who says it unless the body does.
struct Row {
  std::string_view event;
  std::string_view role;
  enum class Way : unsigned char { in, out } way = Way::in;
};
constexpr std::array k_messages{
    Row{"gen_ai.system.message", "system"},           Row{"gen_ai.user.message", "user"},
    Row{"gen_ai.assistant.message", "assistant"},     Row{"gen_ai.tool.message", "tool"},
    Row{"gen_ai.choice", "assistant", Row::Way::out},
};

/// Older exporters name events in an attribute.
std::string_view event_name(const Node& record, const Attributes& attributes) {
  const auto name = record["eventName"].view();
  return name.empty() ? attributes.text({"event.name"}) : name;
}

}  // namespace

LogRecords::Told& LogRecords::call_of(const Span& span) {
  const auto call = span.call.empty() ? span.trace_id + '\n' + span.span_id : span.call;
  const auto [place, is_new] = places_.try_emplace(native_id(span) + '\n' + call, calls_.size());
  if (is_new) calls_.push_back({span});
  auto& told = calls_[place->second];
  ++told.records;
  return told;
}

base::Result<void> LogRecords::add(const Node& record, const Node& resource) {
  Attributes attributes;
  attributes.add(record["attributes"]);
  const auto name = event_name(record, attributes);
  if (const auto* event = find_agent_event(record, name))
    return add_of_agent(*event, record, std::move(attributes), resource);
  const auto* const row = std::ranges::find(k_messages, name, &Row::event);
  const bool details = name == k_details && calls_model(attributes);
  if (!details && row == k_messages.end()) {
    ++passed_over_;
    return {};
  }
  auto span = facts_of_record(record, std::move(attributes), resource, origin_.arrived);
  if (!span) return base::forward(span);
  if (details) {
    add_details(std::move(*span));
    return {};
  }
  auto& told = call_of(*span);
  const auto body = body_.parse(plain_json(record["body"]));
  if (!body || !body->is_object()) return {};  // content was not captured
  const bool out = row->way == Row::Way::out;
  auto message = read_event(out ? (*body)["message"] : *body, row->role, inner_);
  if (message.parts.empty()) return {};
  if (out) {
    told.answers.push_back({static_cast<std::uint64_t>((*body)["index"].count_or_0()), std::move(message)});
  } else {
    told.given.push_back(std::move(message));
  }
  return {};
}

// Gemini CLI tells a call in two events of the same time: this one and its own.
void LogRecords::add_details(Span span) {
  span.call = std::string(event_time(span.attributes));
  auto& told = call_of(span);
  if (!told.span.error.empty()) span.error = told.span.error;
  told.span = std::move(span);
  told.in_attributes = true;
}

base::Result<void> LogRecords::add_of_agent(const AgentEvent& event, const Node& record,
                                            Attributes attributes, const Node& resource) {
  auto said = read_agent_event(event, record, attributes);
  if (said.says_nothing()) return {};
  auto span = facts_of_record(record, std::move(attributes), resource, origin_.arrived);
  if (!span) return base::forward(span);
  span->span_id.clear();  // a span of theirs holds several calls
  span->call = std::move(said.call);
  span->agent = event.agent;
  auto& told = call_of(*span);
  if (!told.account || said.account.usage.total() > 0) told.account = std::move(said.account);
  if (!said.error.empty()) told.span.error = std::move(said.error);
  if (!said.message) return {};
  if (said.message->role == "assistant") {
    told.answers.push_back({told.answers.size(), std::move(*said.message)});
  } else {
    told.given.push_back(std::move(*said.message));
  }
  return {};
}

std::vector<model::Told> LogRecords::take() {
  std::vector<model::Told> all;
  for (auto& told : calls_) {
    auto account = told.in_attributes ? account_of(told.span) : Account();
    if (told.account) account = std::move(*told.account);
    Call call(told.span, std::move(account), origin_);
    if (told.in_attributes) {
      call.tell_attributes();
    } else {
      call.tell(std::move(told.given), std::move(told.answers));
    }
    call.tell_error();
    if (auto events = call.take(); !events.empty()) all.push_back({std::move(events), told.records});
  }
  calls_.clear();
  places_.clear();
  return all;
}

}  // namespace agentpipe::formats::otlp
