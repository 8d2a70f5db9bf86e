#include "agentpipe/formats/otlp.hpp"

#include <string>

#include "agentpipe/base/text.hpp"
#include "json_line.hpp"
#include "otlp_span.hpp"

namespace agentpipe::formats {
namespace {

/// Calls `visit(span, resource's attributes)` for each span.
template <class Visit>
void each_span(const Node& request, Visit visit) {
  request["resourceSpans"].each([&](const Node& of_resource) {
    const auto resource = of_resource["resource"]["attributes"];
    of_resource["scopeSpans"].each([&](const Node& of_scope) {
      of_scope["spans"].each([&](const Node& span) { visit(span, resource); });
    });
  });
}

void reject(model::Trace& trace, const Node& span, const std::string& why) {
  constexpr std::size_t k_name = 80;
  if (trace.rejected++ > 0) return;
  trace.reason = "Span \"" + base::one_line(span["name"].view(), k_name) + "\": " + why + ".";
}

}  // namespace

base::Result<model::Trace> read_otlp(std::string_view json, const Origin& origin) {
  JsonLine line;
  const auto request = line.parse(json);
  if (!request || !request->is_object())
    return base::failure_at({}, base::ErrorCode::invalid,
                            "The body must be one JSON object (OTLP/HTTP JSON).", "invalid_json");
  if (const auto list = (*request)["resourceSpans"]; !list.is_null() && !list.is_array())
    return base::failure_at("resourceSpans", base::ErrorCode::invalid, "resourceSpans must be an array.",
                            "bad_field");
  model::Trace trace;
  each_span(*request, [&](const Node& span, const Node& resource) {
    if (trace.spans.size() > k_max_spans) return;
    auto events = otlp::read_span(span, resource, origin);
    if (!events) return reject(trace, span, events.error().message);
    if (!events->empty()) trace.spans.push_back(std::move(*events));
  });
  if (trace.spans.size() > k_max_spans)
    return base::failure(base::ErrorCode::too_large, "A request may hold at most " +
                                                         std::to_string(k_max_spans) +
                                                         " GenAI spans; export smaller batches.");
  return trace;
}

}  // namespace agentpipe::formats
