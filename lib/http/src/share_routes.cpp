#include "agentpipe/base/text.hpp"
#include "live_stream.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

/// What stands before a path when somebody else is to open it.
std::string site_url(const Site& site, const Request& request) {
  if (!site.public_url.empty()) return site.public_url;
  const std::string_view scheme = site.transport == Transport::secure ? "https://" : "http://";
  return std::string(scheme).append(request.header_or_empty("host")).append(site.base_path);
}

Handler shares(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return created(site.shares.create(request.parameters.at(0), request.body, site_url(site, request)),
                   request);
  });
}
Handler lists_shares(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return to_response(site.shares.list(request.parameters.at(0)), request);
  });
}
Handler ends_share(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return to_response(site.shares.revoke(request.parameters.at(0)), request);
  });
}

Handler shows_shared(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return to_response(site.shares.show(request.parameters.at(0)), request);
  });
}
Handler shows_shared_messages(const Site& site) {
  return worked(site, [&site](const Request& request) {
    return to_response(site.shares.messages(request.parameters.at(0), query_of(request)), request);
  });
}

Handler streams_shared(const Site& site) {
  return [&site, world = make_live_world(site)](Request request, Responder respond) {
    const auto token = request.parameters.at(0);
    const auto share = site.shares.find(token);
    if (!share) return respond(error_response(share.error(), request.id));
    if (share->mode == store::Share::Mode::frozen) {
      base::Error error{base::ErrorCode::not_found,
                        "This link shows a fixed state; it has no stream.",
                        {},
                        {},
                        "share_frozen"};
      return respond(error_response(error, request.id));
    }
    auto wish = live_request(request);
    if (!wish) return respond(error_response(wish.error(), request.id));
    wish->filter.session_id = share->session_id;
    // Its start tells of the machine; guests have the session object instead.
    wish->filter.types = {"message.created",      "conversation.completed", "conversation.error",
                          "conversation.updated", "conversation.deleted",   "turn.started",
                          "turn.completed"};
    wish->allowed = [&site, token] { return site.shares.is_live(token); };
    respond.stream(make_log_stream(*world, std::move(*wish)));
  };
}

}  // namespace

RouteTable share_routes(const Site& site) {
  return {
      {Method::post, "/api/sessions/{id}/share", k_small_body, Access::manage, shares(site)},
      {Method::get, "/api/sessions/{id}/shares", 0, Access::manage, lists_shares(site)},
      {Method::del, "/api/shares/{id}", 0, Access::manage, ends_share(site)},
      {Method::get, "/api/share/{token}", 0, Access::open, shows_shared(site)},
      {Method::get, "/api/share/{token}/messages", 0, Access::open, shows_shared_messages(site)},
      {Method::get, "/api/share/{token}/stream", 0, Access::open, streams_shared(site)},
  };
}

}  // namespace agentpipe::http
