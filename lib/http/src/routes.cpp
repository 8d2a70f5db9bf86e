#include "agentpipe/http/routes.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "openapi.hpp"
#include "route_tables.hpp"

namespace agentpipe::http {

namespace {

using Table = RouteTable (*)(const Site&);
constexpr Table k_tables[] = {ingest_routes,     otlp_routes,    session_routes,  manage_routes,
                              search_routes,     metrics_routes, existing_routes, stream_routes,
                              health_routes,     access_routes,  share_routes,    export_routes,
                              diagnostic_routes, plain_routes};

}  // namespace

std::vector<Route> make_routes(const Site& site) {
  std::vector<Route> routes;
  for (const auto table : k_tables) std::ranges::move(table(site), std::back_inserter(routes));
  routes.push_back({Method::get, "/api/openapi.json", 0, Access::open, {}});
  const auto document =
      std::make_shared<const std::string>(openapi_json(routes, site.version, site.base_path));
  routes.back().handler = [document](const Request&, Responder respond) {
    auto response = Response::json(200, {});
    response.body = document;
    respond(std::move(response));
  };
  return routes;
}

Router make_router(const Site& site) {
  return {make_routes(site),
          Route{Method::get, "/{rest...}", 0, Access::open, static_files(site.find_file, site.base_path)}};
}

}  // namespace agentpipe::http
