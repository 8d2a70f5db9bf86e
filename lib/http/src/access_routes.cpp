#include <array>
#include <string_view>
#include <utility>

#include "agentpipe/model/json_writer.hpp"
#include "gate.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"
#include "sign_in.hpp"

namespace agentpipe::http {

namespace {

/// What this browser may do, so that the pages show no button that would be refused.
Handler told_rights(const Site& site) {
  return [&site](const Request& request, Responder respond) {
    const auto shown = credentials_of(request, site.transport);
    const auto who = site.access.identify(shown);
    // Whoever tries keys must not do it faster here than elsewhere.
    if (!shown.authorization.empty() && !who.has_key()) {
      const auto told = refuse_key(site, request.peer, {base::ErrorCode::unauthorized, {}, {}, {}, {}});
      if (told.error.code == base::ErrorCode::rate_limited) {
        auto response = error_response(told.error, request.id);
        response.headers += told.headers;
        return respond(std::move(response));
      }
    }
    constexpr std::array<std::pair<std::string_view, Access>, 3> k_scopes{
        {{"ingest", Access::upload}, {"read", Access::read}, {"admin", Access::manage}}};
    std::string json;
    model::JsonWriter writer(json);
    writer.begin_object().field("authenticated", who.has_key()).field("signInNeeded", !who.may(Access::read));
    writer.key("scopes").begin_array();
    for (const auto& [name, need] : k_scopes)
      if (who.may(need)) writer.value(name);
    writer.end_array().end_object();
    respond(Response::json(200, std::move(json)));
  };
}

Handler lists_keys(const Site& site) {
  return worked(site, [&site](const Request&) { return Response::json(200, site.keys.list()); });
}
Handler creates_key(const Site& site) {
  return worked(site,
                [&site](const Request& request) { return created(site.keys.create(request.body), request); });
}
Handler revokes_key(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return to_response(site.keys.revoke(request.parameters.at(0)), request);
  });
}

}  // namespace

RouteTable access_routes(const Site& site) {
  return {
      {Method::get, "/api/session", 0, Access::open, told_rights(site)},
      {Method::post, "/api/signin", k_small_body, Access::open, sign_in_handler(site)},
      {Method::post, "/api/signout", k_small_body, Access::open, sign_out_handler(site)},
      {Method::get, "/api/keys", 0, Access::admin, lists_keys(site)},
      {Method::post, "/api/keys", k_small_body, Access::admin, creates_key(site)},
      {Method::del, "/api/keys/{id}", 0, Access::admin, revokes_key(site)},
  };
}

}  // namespace agentpipe::http
