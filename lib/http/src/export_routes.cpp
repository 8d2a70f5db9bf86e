#include <utility>

#include "pieces_source.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

using Make = base::Result<service::Download> (*)(service::Exports&, const Request&);

Handler downloads(const Site& site, Make make) {
  return [&site, make](Request request, Responder respond) {
    on_worker(site, hold(std::move(request), std::move(respond)), [&site, make](Pending& pending) {
      auto made = make(site.exports, pending.request);
      if (!made) return pending.respond(error_response(made.error(), pending.request.id));
      Response head;
      head.content_type = made->content_type;
      // RFC 6266; the name is plain ASCII without quotes.
      head.add("Content-Disposition", "attachment; filename=\"" + made->file_name + "\"");
      pending.respond.download(std::move(head), make_pieces_source(site.workers, std::move(made->pieces)));
    });
  };
}

base::Result<service::Download> one(service::Exports& exports, const Request& request) {
  return exports.session(request.parameters.at(0), query_of(request));
}
base::Result<service::Download> several(service::Exports& exports, const Request& request) {
  return exports.sessions(query_of(request));
}

}  // namespace

RouteTable export_routes(const Site& site) {
  return {
      {Method::get, "/api/sessions/{id}/export", 0, Access::read, downloads(site, one)},
      {Method::get, "/api/sessions/export", 0, Access::read, downloads(site, several)},
  };
}

}  // namespace agentpipe::http
