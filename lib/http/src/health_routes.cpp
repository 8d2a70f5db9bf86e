#include "agentpipe/service/health.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

enum class Health : unsigned char { told, required };

Handler health(const Site& site, Health health) {
  return worked(site, [&site, health](const Request&) {
    auto state = site.store.health();
    if (state && site.draining())
      state = base::failure_at({}, base::ErrorCode::unavailable, "The server is stopping.", "shutting_down");
    auto response = Response::json(200, service::health_json(site.version, site.store.epoch(), state));
    if (!state && health == Health::required) response.status = 503;
    response.close = site.draining();
    return response;
  });
}

Handler alive() {
  return [](const Request&, Responder respond) { respond(Response::text(200, "ok\n")); };
}

}  // namespace

RouteTable health_routes(const Site& site) {
  return {
      {Method::get, "/api/health", 0, Access::open, health(site, Health::told)},
      {Method::get, "/healthz", 0, Access::open, alive()},
      {Method::get, "/readyz", 0, Access::open, health(site, Health::required)},
  };
}

}  // namespace agentpipe::http
