#include "route_tables.hpp"
#include "route_tools.hpp"
#include "sign_in.hpp"

namespace agentpipe::http {

RouteTable access_routes(const Site& site) {
  return {
      {Method::post, "/api/signin", k_small_body, Access::open, sign_in_handler(site)},
      {Method::post, "/api/signout", k_small_body, Access::open, sign_out_handler(site)},
  };
}

}  // namespace agentpipe::http
