#include "agentpipe/model/event.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

/// Another site's page must not keep us busy.
service::Refresh refresh_of(const Request& request) {
  if (request.header_or_empty("sec-fetch-site") == "cross-site") return service::Refresh::cached;
  const bool now = request.query.get("refresh") == "1" || request.query.get("skipCache") == "true";
  return now ? service::Refresh::now : service::Refresh::cached;
}

Handler diagnoses(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return Response::json(200, site.diagnostics.json(refresh_of(request)));
  });
}
Handler agents(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return Response::json(200, site.diagnostics.agents_json(refresh_of(request)));
  });
}
Handler recent_events(const Site& site) {
  return worked(
      site, [&site](const Request& request) { return to_response(site.diagnostics.events_json(), request); });
}
Handler realtime(const Site& site) {
  return worked(site,
                [&site](const Request&) { return Response::json(200, site.diagnostics.realtime_json()); });
}
Handler metrics(const Site& site) {
  return worked(site, [&site](const Request&) {
    auto response = Response::text(200, site.diagnostics.prometheus());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  });
}

}  // namespace

RouteTable diagnostic_routes(const Site& site) {
  return {
      {Method::get, "/api/diagnostics", 0, Access::read, diagnoses(site)},
      {Method::get, "/api/diagnostics/events", 0, Access::read, recent_events(site)},
      {Method::get, "/api/realtime/stats", 0, Access::read, realtime(site)},
      {Method::get, "/api/agents/available", 0, Access::read, agents(site)},
      {Method::get, "/metrics", 0, Access::read, metrics(site)},
  };
}

}  // namespace agentpipe::http
