#include <memory>
#include <utility>

#include "agentpipe/model/limits.hpp"
#include "agentpipe/service/ping.hpp"
#include "live_stream.hpp"
#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

constexpr std::size_t k_max_types = 32;

/// Asked once a second for each stream, so that a revoked key ends it; free for readers who need no key.
std::function<bool()> still_allowed(const Site& site, const Request& request) {
  const auto given = credentials_of(request, site.transport);
  if (given.authorization.empty() && given.cookie.empty()) return {};
  return [&site, authorization = std::string(given.authorization), cookie = std::string(given.cookie)] {
    return site.access.allow(Access::read, {authorization, cookie}).has_value();
  };
}

Handler streams(const Site& site, std::shared_ptr<const LogStreamWorld> world) {
  return [&site, world = std::move(world)](Request request, Responder respond) {
    auto wish = live_request(request);
    if (!wish) return respond(error_response(wish.error(), request.id));
    wish->allowed = still_allowed(site, request);
    respond.stream(make_log_stream(*world, std::move(*wish)));
  };
}

/// A frame without id to every open stream, so that a page sees that its own still works.
Handler pings(const Site& site) {
  return [&site](const Request& request, Responder respond) {
    auto ping = service::diagnostic_ping(request.body, site.clock.now());
    if (!ping) return respond(error_response(ping.error(), request.id));
    site.hub.announce(service::k_ping_type, std::move(*ping));
    respond(Response::json(202, R"({"sent":true})"));
  };
}

}  // namespace

base::Result<LogStreamRequest> live_request(const Request& request) {
  LogStreamRequest wish;
  wish.filter.session_id = first_of(request, {"conversationId", "conversation_id"});
  wish.filter.types = request.query.list("types");
  if (wish.filter.session_id.size() > model::k_max_id || wish.filter.types.size() > k_max_types) {
    return base::failure_at("types", base::ErrorCode::invalid,
                            "At most 32 types and one conversation id of 128 characters.");
  }
  wish.naming = request.query.get("named") == "1" ? hub::Naming::named : hub::Naming::unnamed;
  wish.cursor = request.header_or_empty("last-event-id");
  if (wish.cursor.empty()) wish.cursor = first_of(request, {"last_event_id", "lastEventId"});
  return wish;
}

std::shared_ptr<const LogStreamWorld> make_live_world(const Site& site) {
  StoredLog log;
  log.page = [&live = site.live](model::LogNumber after, model::LogNumber until, const std::string& session,
                                 std::int64_t limit) { return live.replay(after, until, session, limit); };
  log.last = [&live = site.live] { return live.last_number(); };
  return std::make_shared<const LogStreamWorld>(
      LogStreamWorld{site.hub, site.workers, site.clock, std::move(log)});
}

RouteTable stream_routes(const Site& site) {
  const auto world = make_live_world(site);
  return {
      {Method::get, "/api/realtime/stream", 0, Access::read, streams(site, world)},
      {Method::get, "/api/stream", 0, Access::read, streams(site, world)},
      {Method::post, "/api/realtime/ping", k_small_body, Access::read, pings(site)},
  };
}

}  // namespace agentpipe::http
