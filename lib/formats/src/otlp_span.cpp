#include "otlp_span.hpp"

#include <utility>

#include "otlp_call.hpp"

namespace agentpipe::formats::otlp {

base::Result<model::SpanEvents> read_span(const Node& node, const Node& resource, const Origin& origin) {
  Attributes attributes;
  attributes.add(node["attributes"]);
  node["events"].each([&](const Node& event) { attributes.add(event["attributes"]); });
  if (!attributes.any_with("gen_ai.")) return model::SpanEvents();
  const bool tells = calls_model(attributes);
  const auto span = facts_of(node, std::move(attributes), resource);
  if (!span) return base::forward(span);
  Call call(*span, account_of(*span), origin);
  if (tells) call.tell_attributes();
  call.tell_error();
  return call.take();
}

}  // namespace agentpipe::formats::otlp
