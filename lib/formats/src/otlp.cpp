#include "agentpipe/formats/otlp.hpp"

#include <string>

#include "agentpipe/base/text.hpp"
#include "json_line.hpp"
#include "otlp_log.hpp"
#include "otlp_span.hpp"

namespace agentpipe::formats {
namespace {

/// What the two signals call the levels of their requests.
struct Signal {
  const char* resources;
  std::string_view scopes;
  std::string_view items;
};
constexpr Signal k_spans{"resourceSpans", "scopeSpans", "spans"};
constexpr Signal k_logs{"resourceLogs", "scopeLogs", "logRecords"};

base::Result<Node> parse_request(JsonLine& line, std::string_view json, const Signal& signal) {
  auto request = line.parse(json);
  if (!request || !request->is_object())
    return base::failure_at({}, base::ErrorCode::invalid,
                            "The body must be one JSON object (OTLP/HTTP JSON).", "invalid_json");
  if (const auto list = (*request)[signal.resources]; !list.is_null() && !list.is_array())
    return base::failure_at(signal.resources, base::ErrorCode::invalid,
                            std::string(signal.resources) + " must be an array.", "bad_field");
  return request;
}

/// Calls `visit(span or record, resource's attributes)` for each.
template <class Visit>
void each_item(const Node& request, const Signal& signal, Visit visit) {
  request[signal.resources].each([&](const Node& of_resource) {
    const auto resource = of_resource["resource"]["attributes"];
    of_resource[signal.scopes].each([&](const Node& of_scope) {
      of_scope[signal.items].each([&](const Node& item) { visit(item, resource); });
    });
  });
}

void reject(model::Trace& trace, const std::string& what, std::string_view name, const std::string& why) {
  constexpr std::size_t k_name = 80;
  if (trace.rejected++ > 0) return;
  trace.reason = what + " \"" + base::one_line(name, k_name) + "\": " + why + ".";
}

tl::unexpected<base::Error> too_many() {
  return base::failure(base::ErrorCode::too_large, "A request may hold at most " +
                                                       std::to_string(k_max_spans) +
                                                       " calls of models; export smaller batches.");
}

}  // namespace

base::Result<model::Trace> read_otlp(std::string_view json, const Origin& origin) {
  JsonLine line;
  const auto request = parse_request(line, json, k_spans);
  if (!request) return base::forward(request);
  model::Trace trace;
  each_item(*request, k_spans, [&](const Node& span, const Node& resource) {
    if (trace.spans.size() > k_max_spans) return;
    auto events = otlp::read_span(span, resource, origin);
    if (!events) return reject(trace, "Span", span["name"].view(), events.error().message);
    if (events->empty()) {
      ++trace.passed_over;
    } else {
      trace.spans.push_back({std::move(*events)});
    }
  });
  if (trace.spans.size() > k_max_spans) return too_many();
  return trace;
}

base::Result<model::Trace> read_otlp_logs(std::string_view json, const Origin& origin) {
  JsonLine line;
  const auto request = parse_request(line, json, k_logs);
  if (!request) return base::forward(request);
  model::Trace trace;
  otlp::LogRecords records(origin);
  each_item(*request, k_logs, [&](const Node& record, const Node& resource) {
    if (records.calls() > k_max_spans) return;
    if (const auto added = records.add(record, resource); !added)
      reject(trace, "Log record", record["eventName"].view(), added.error().message);
  });
  if (records.calls() > k_max_spans) return too_many();
  trace.spans = records.take();
  trace.passed_over = records.passed_over();
  return trace;
}

}  // namespace agentpipe::formats
