#include "otlp_log.hpp"

#include <algorithm>
#include <array>

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
  const auto [place, is_new] =
      places_.try_emplace(native_id(span) + '\n' + span.trace_id + '\n' + span.span_id, calls_.size());
  if (is_new) calls_.push_back({span, {}, {}, false});
  return calls_[place->second];
}

base::Result<void> LogRecords::add(const Node& record, const Node& resource) {
  Attributes attributes;
  attributes.add(record["attributes"]);
  const auto event = event_name(record, attributes);
  const auto* const row = std::ranges::find(k_messages, event, &Row::event);
  const bool details = event == k_details && calls_model(attributes);
  if (!details && row == k_messages.end()) return {};
  auto span = facts_of_record(record, std::move(attributes), resource, origin_.arrived);
  if (!span) return base::forward(span);
  auto& told = call_of(*span);
  if (details) {
    told.span = std::move(*span);
    told.in_attributes = true;
    return {};
  }
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

std::vector<model::SpanEvents> LogRecords::take() {
  std::vector<model::SpanEvents> all;
  for (auto& told : calls_) {
    Call call(told.span, origin_);
    if (told.in_attributes) {
      call.tell_attributes();
    } else {
      call.tell(std::move(told.given), std::move(told.answers));
    }
    call.tell_error();
    if (auto events = call.take(); !events.empty()) all.push_back(std::move(events));
  }
  calls_.clear();
  places_.clear();
  return all;
}

}  // namespace agentpipe::formats::otlp
