#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

/// The receivers that take protocol buffers are many; we take what people can read.
Response needs_json(const Request& request) {
  constexpr int k_unsupported_media_type = 415;
  auto response = error_response({base::ErrorCode::unsupported,
                                  "Send JSON: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json, or \"encoding: "
                                  "json\" in a collector's otlphttp "
                                  "exporter.",
                                  {},
                                  "Content-Type",
                                  "unsupported_media_type"},
                                 request.id);
  response.status = k_unsupported_media_type;
  return response;
}

bool is_protobuf(const Request& request) {
  return base::to_lower(request.header_or_empty("content-type")).find("protobuf") != std::string::npos;
}

/// 200, whatever was new.
service::TraceDone answer_trace(const Site& site, const PendingPtr& pending) {
  return [&site, pending, answer = answer_write(site, pending)](base::Result<service::TraceReply> reply) {
    if (!reply) return answer(base::forward(reply));
    site.ingest_stats.passed_over(reply->passed_over);
    site.limits.count_events({pending->request.caller, pending->request.peer}, reply->spans);
    answer(service::Reply{false, std::move(reply->json)});
  };
}

Handler takes(const Site& site, service::Signal signal) {
  return [&site, signal](Request request, Responder respond) {
    if (is_protobuf(request)) return respond(needs_json(request));
    const auto pending = hold(std::move(request), std::move(respond));
    on_worker(site, pending, [&site, signal, weak = std::weak_ptr(pending)](Pending& held) {
      if (auto plain = unpack_body(held.request, model::k_max_upload); !plain)
        return held.respond(error_response(plain.error(), held.request.id));
      site.traces.take(signal, held.request.body, answer_trace(site, weak.lock()));  // the task holds it
    });
  };
}

}  // namespace

RouteTable otlp_routes(const Site& site) {
  using service::Signal;
  return {
      {Method::post, "/v1/traces", model::k_max_upload, Access::ingest, takes(site, Signal::traces),
       Bodies::maybe_packed},
      {Method::post, "/v1/logs", model::k_max_upload, Access::ingest, takes(site, Signal::logs),
       Bodies::maybe_packed},
  };
}

}  // namespace agentpipe::http
