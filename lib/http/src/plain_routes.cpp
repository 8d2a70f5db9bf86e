#include <utility>

#include "pieces_source.hpp"
#include "plain_list.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

/// Pages without scripts: for browsers that run none, and for a server that was built without the others.
namespace agentpipe::http {

namespace {

constexpr std::string_view k_html = "text/html; charset=utf-8";

Response list(const Site& site, const Request& request) {
  service::Query::Parameters wanted{{"limit", "100"}};
  if (const auto cursor = request.query.get("cursor")) wanted.emplace_back("cursor", *cursor);
  const auto json = site.sessions.list(service::Query(std::move(wanted)));
  if (!json) return error_response(json.error(), request.id);
  auto response = Response::text(200, plain_list(*json, site.base_path));
  response.content_type = k_html;
  response.audience = Audience::plain_page;
  return response;
}

/// What is exported as HTML, shown in place.
void show(const Site& site, Pending& pending) {
  const service::Query as_html(service::Query::Parameters{{"format", "html"}});
  auto made = site.exports.session(pending.request.parameters.at(0), as_html);
  if (!made) return pending.respond(error_response(made.error(), pending.request.id));
  Response head;
  head.content_type = k_html;
  head.audience = Audience::plain_page;
  pending.respond.download(std::move(head), make_pieces_source(site.workers, std::move(made->pieces)));
}

}  // namespace

RouteTable plain_routes(const Site& site) {
  const auto lists = worked(site, [&site](const Request& request) { return list(site, request); });
  const Handler shows = [&site](Request request, Responder respond) {
    on_worker(site, hold(std::move(request), std::move(respond)),
              [&site](Pending& pending) { show(site, pending); });
  };
  return {
      {Method::get, "/plain/sessions", 0, Access::read, lists},
      {Method::get, "/plain/sessions/{id}", 0, Access::read, shows},
  };
}

}  // namespace agentpipe::http
