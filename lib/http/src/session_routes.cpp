#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

using SessionReader = base::Result<std::string> (*)(service::Sessions&, const Request&,
                                                    const service::Query&);

Handler reads_sessions(const Site& site, SessionReader reader) {
  return worked(site, [&site, reader](const Request& request) {
    return to_response(reader(site.sessions, request, query_of(request)), request);
  });
}

base::Result<std::string> list(service::Sessions& sessions, const Request&, const service::Query& query) {
  return sessions.list(query);
}
base::Result<std::string> facets(service::Sessions& sessions, const Request&, const service::Query&) {
  return sessions.facets();
}
base::Result<std::string> outline(service::Sessions& sessions, const Request& request,
                                  const service::Query& query) {
  return sessions.outline(request.parameters.at(0), query);
}
base::Result<std::string> find(service::Sessions& sessions, const Request& request,
                               const service::Query& query) {
  return sessions.find(request.parameters.at(0), query);
}
base::Result<std::string> show(service::Sessions& sessions, const Request& request,
                               const service::Query& query) {
  return sessions.show(request.parameters.at(0), query);
}
base::Result<std::string> messages(service::Sessions& sessions, const Request& request,
                                   const service::Query& query) {
  return sessions.messages(request.parameters.at(0), query);
}
base::Result<std::string> notes(service::Sessions& sessions, const Request& request, const service::Query&) {
  return sessions.notes(request.parameters.at(0));
}

}  // namespace

RouteTable session_routes(const Site& site) {
  return {
      {Method::get, "/api/sessions", 0, Access::read, reads_sessions(site, list)},
      {Method::get, "/api/sessions/{id}", 0, Access::read, reads_sessions(site, show)},
      {Method::get, "/api/sessions/{id}/messages", 0, Access::read, reads_sessions(site, messages)},
      {Method::get, "/api/sessions/facets", 0, Access::read, reads_sessions(site, facets)},
      {Method::get, "/api/sessions/{id}/outline", 0, Access::read, reads_sessions(site, outline)},
      {Method::get, "/api/sessions/{id}/find", 0, Access::read, reads_sessions(site, find)},
      {Method::get, "/api/sessions/{id}/notes", 0, Access::read, reads_sessions(site, notes)},
  };
}

}  // namespace agentpipe::http
