#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

constexpr std::size_t k_ids_body = 256UL << 10U;  // 1000 ids of 128 characters, quoted

using Change = base::Result<std::string> (*)(service::Manage&, const Request&);

Handler changes(const Site& site, Change change) {
  return worked(site, [&site, change](const Request& request) {
    return to_response(change(site.manage, request), request);
  });
}

base::Result<std::string> rename(service::Manage& manage, const Request& request) {
  return manage.rename(request.parameters.at(0), request.body);
}
base::Result<std::string> remove(service::Manage& manage, const Request& request) {
  return manage.remove(request.parameters.at(0));
}
base::Result<std::string> remove_many(service::Manage& manage, const Request& request) {
  return manage.remove_many(request.body);
}

}  // namespace

RouteTable manage_routes(const Site& site) {
  return {
      {Method::patch, "/api/sessions/{id}", k_small_body, Access::manage, changes(site, rename)},
      {Method::del, "/api/sessions/{id}", 0, Access::manage, changes(site, remove)},
      {Method::del, "/api/conversations/{id}", 0, Access::manage, changes(site, remove)},
      {Method::post, "/api/sessions/delete", k_ids_body, Access::manage, changes(site, remove_many)},
  };
}

}  // namespace agentpipe::http
