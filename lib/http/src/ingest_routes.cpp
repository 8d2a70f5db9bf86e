#include <algorithm>
#include <utility>

#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "body_coding.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

/// A body that is read in a fraction of a millisecond needs no worker.
constexpr std::size_t k_quick_body = 64UL << 10U;

using Take = void (*)(const Site&, const PendingPtr&);

/// Unpacks the body, then hands it on; on a worker where either takes its time.
Handler takes(const Site& site, std::size_t limit, Take take) {
  return [&site, limit, take](Request request, Responder respond) {
    const auto pending = hold(std::move(request), std::move(respond));
    const Coding coding = coding_of(pending->request).value_or(Coding::identity);
    if (coding == Coding::identity && pending->request.body.size() <= k_quick_body)
      return take(site, pending);
    on_worker(site, pending, [&site, limit, take, weak = std::weak_ptr(pending)](Pending& held) {
      if (auto plain = unpack_body(held.request, limit); !plain)
        return held.respond(error_response(plain.error(), held.request.id));
      take(site, weak.lock());  // the task holds it
    });
  };
}

service::WriteTerms terms_of(const Request& request) {
  return {request.caller, request.header_or_empty("idempotency-key")};
}

void take_event(const Site& site, const PendingPtr& pending) {
  site.ingest.event(pending->request.body, terms_of(pending->request), answer_write(site, pending));
}

void take_upload(const Site& site, const PendingPtr& pending) {
  auto terms = terms_of(pending->request);
  terms.conflicts = query_of(pending->request).text("conflicts").value_or("");
  site.ingest.upload(pending->request.body, terms, answer_write(site, pending));
}

Response gap_response(const store::Gap& gap, std::string_view request_id) {
  const std::string expected = std::to_string(gap.expected_n);
  std::string body;
  model::JsonWriter(body)
      .begin_object()
      .field("error", "gap")
      .field("code", "gap")
      .field("message", "Record " + expected +
                            " comes next. Send from there on; say with X-AgentPipe-Missing how many records "
                            "before the first will never come.")
      .field("expected_n", gap.expected_n)
      .field("request_id", request_id)
      .end_object();
  return Response::json(409, std::move(body));
}

/// As many as its lines; one that has too many is refused whole.
std::uint64_t events_in(std::string_view batch) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(batch, '\n')) + 1;
  return std::min(lines - (batch.ends_with('\n') ? 1 : 0), model::k_max_batch_events);
}

void take_batch(const Site& site, const PendingPtr& pending) {
  const Request& request = pending->request;
  site.limits.count_events({request.caller, request.peer}, events_in(request.body));
  const service::BatchHead head{request.header_or_empty("x-agentpipe-source"),
                                request.header_or_empty("x-agentpipe-first"),
                                request.header_or_empty("x-agentpipe-missing")};
  site.ingest.batch(head, request.body,
                    [&site, pending, begun = site.clock.ticks()](base::Result<service::BatchReply> reply) {
                      const std::string& id = pending->request.id;
                      site.ingest_stats.answered(begun);
                      if (!reply) site.ingest_stats.rejected(base::to_string(reply.error().code));
                      if (!reply) return pending->respond(error_response(reply.error(), id));
                      if (const auto* gap = std::get_if<store::Gap>(&*reply))
                        return pending->respond(gap_response(*gap, id));
                      pending->respond(Response::json(200, std::move(std::get<service::Reply>(*reply).json)));
                    });
}

Response file_response(const base::Result<service::FileReply>& reply, const Request& request) {
  if (!reply) return error_response(reply.error(), request.id);
  return Response::json(reply->kind == service::FileReply::Kind::nothing ? 422 : 200, reply->json);
}

/// A file of any format that the command line takes, as it lies on somebody's disk.
Handler takes_file(const Site& site) {
  return [&site](Request request, Responder respond) {
    const auto need = service::FileUploads::need(query_of(request));
    if (const auto may = site.access.allow(need, credentials_of(request, site.transport)); !may)
      return respond(error_response(may.error(), request.id));
    const auto pending = hold(std::move(request), std::move(respond));
    on_worker(site, pending, [&site, weak = std::weak_ptr(pending)](Pending& held) {
      site.files.upload(held.request.body, query_of(held.request),
                        [pending = weak.lock()](const base::Result<service::FileReply>& reply) {
                          pending->respond(file_response(reply, pending->request));
                        });
    });
  };
}

Route write_route(const Site& site, std::string path, std::size_t limit, Access access, Take take) {
  return {Method::post, std::move(path), limit, access, takes(site, limit, take), Bodies::maybe_packed};
}

}  // namespace

RouteTable ingest_routes(const Site& site) {
  return {
      write_route(site, "/api/ingest", model::k_max_event, Access::ingest, take_event),
      write_route(site, "/api/ingest/batch", model::k_max_batch, Access::ingest, take_batch),
      write_route(site, "/api/sessions/upload", model::k_max_upload, Access::upload, take_upload),
      {Method::post, "/api/upload", model::k_max_upload, Access::upload, takes_file(site)},
  };
}

}  // namespace agentpipe::http
