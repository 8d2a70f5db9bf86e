#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

RouteTable search_routes(const Site& site) {
  const auto get = worked(site, [&site](const Request& request) {
    return to_response(site.search.run(query_of(request)), request);
  });
  const auto post = worked(
      site, [&site](const Request& request) { return to_response(site.search.run(request.body), request); });
  return {
      {Method::get, "/api/search", 0, Access::read, get},
      {Method::post, "/api/search", k_small_body, Access::read, post},
  };
}

}  // namespace agentpipe::http
