#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

RouteTable existing_routes(const Site& site) {
  const auto list = worked(site, [&site](const Request& request) {
    return to_response(site.sessions.conversations(query_of(request)), request);
  });
  const auto show = worked(site, [&site](const Request& request) {
    return to_response(site.sessions.conversation(request.parameters.at(0)), request);
  });
  const auto messages = worked(site, [&site](const Request& request) {
    return to_response(site.sessions.conversation_messages(request.parameters.at(0), query_of(request)),
                       request);
  });
  const auto recent = worked(site, [&site](const Request& request) {
    return to_response(site.sessions.recent_messages(query_of(request)), request);
  });
  return {
      {Method::get, "/api/conversations", 0, Access::read, list},
      {Method::get, "/api/conversations/{id}", 0, Access::read, show},
      {Method::get, "/api/conversations/{id}/messages", 0, Access::read, messages},
      {Method::get, "/api/messages/recent", 0, Access::read, recent},
  };
}

}  // namespace agentpipe::http
