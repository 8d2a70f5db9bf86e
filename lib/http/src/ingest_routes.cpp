#include <utility>

#include "agentpipe/model/limits.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

Handler ingests(const Site& site) {
  return [&site](Request request, Responder respond) {
    const auto pending = hold(std::move(request), std::move(respond));
    site.ingest.event(pending->request.body, answer_write(pending));
  };
}

Handler uploads(const Site& site) {
  return [&site](Request request, Responder respond) {
    const auto pending = hold(std::move(request), std::move(respond));
    // The task holds `pending` itself; its answer needs the shared one.
    on_worker(site, pending, [&site, weak = std::weak_ptr(pending)](Pending& held) {
      site.ingest.upload(held.request.body, answer_write(weak.lock()));
    });
  };
}

}  // namespace

RouteTable ingest_routes(const Site& site) {
  return {
      {Method::post, "/api/ingest", model::k_max_event, Access::ingest, ingests(site)},
      {Method::post, "/api/sessions/upload", model::k_max_upload, Access::ingest, uploads(site)},
  };
}

}  // namespace agentpipe::http
