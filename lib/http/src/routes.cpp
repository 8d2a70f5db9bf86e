#include "agentpipe/http/routes.hpp"

#include <array>
#include <memory>
#include <utility>

#include "agentpipe/model/limits.hpp"
#include "agentpipe/service/health.hpp"
#include "plain_page.hpp"
#include "sign_in.hpp"

namespace agentpipe::http {

namespace {

constexpr std::size_t k_small_body = 4096;
constexpr std::size_t k_max_types = 32;

/// A request whose answer comes later, in a form that std::function can hold.
struct Pending {
  Request request;
  Responder respond;
};
using PendingPtr = std::shared_ptr<Pending>;

PendingPtr hold(Request request, Responder respond) {
  return std::make_shared<Pending>(Pending{std::move(request), std::move(respond)});
}

Response busy(const Request& request) {
  return error_response({base::ErrorCode::unavailable, "The server is busy; try again soon.", {}, {}, {}},
                        request.id);
}

/// Runs on a worker; answers when there is no room for it.
void on_worker(const Site& site, const PendingPtr& pending, std::function<void(Pending&)> task) {
  if (!site.workers.run([pending, task = std::move(task)] { task(*pending); }))
    pending->respond(busy(pending->request));
}

Response to_response(const base::Result<std::string>& json, const Request& request) {
  return json ? Response::json(200, *json) : error_response(json.error(), request.id);
}

// --- reading
// -------------------------------------------------------------------------------------------------------

using Reader = base::Result<std::string> (*)(service::Sessions&, const Request&, const service::Query&);

Handler reads(const Site& site, Reader reader) {
  return [&site, reader](Request request, Responder respond) {
    on_worker(site, hold(std::move(request), std::move(respond)), [&site, reader](Pending& pending) {
      const service::Query query(pending.request.query.all());
      pending.respond(to_response(reader(site.sessions, pending.request, query), pending.request));
    });
  };
}

base::Result<std::string> list(service::Sessions& sessions, const Request&, const service::Query& query) {
  return sessions.list(query);
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

// --- writing
// -------------------------------------------------------------------------------------------------------

service::ReplyDone answer_write(const PendingPtr& pending) {
  return [pending](base::Result<service::Reply> reply) {
    pending->respond(reply ? Response::json(reply->created ? 201 : 200, std::move(reply->json))
                           : error_response(reply.error(), pending->request.id));
  };
}

Handler ingests(const Site& site) {
  return [&site](Request request, Responder respond) {
    const auto pending = hold(std::move(request), std::move(respond));
    site.ingest.event(pending->request.body, answer_write(pending));
  };
}

Handler uploads(const Site& site) {
  return [&site](Request request, Responder respond) {
    const auto pending = hold(std::move(request), std::move(respond));
    // The task holds `pending` itself; its answer needs the shared one.
    on_worker(site, pending, [&site, weak = std::weak_ptr(pending)](Pending& held) {
      site.ingest.upload(held.request.body, answer_write(weak.lock()));
    });
  };
}

// --- streaming
// -----------------------------------------------------------------------------------------------------

service::Credentials credentials_of(const Request& request, Transport transport) {
  return {request.header_or_empty("authorization"), request.cookie(cookie_name(transport))};
}

std::string first_of(const Request& request, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (const auto value = request.query.get(name); value && !value->empty()) return std::string(*value);
  }
  return {};
}

/// Asked once a second for each stream, so that a revoked key ends it; free for readers who need no key.
std::function<bool()> still_allowed(const Site& site, const Request& request) {
  const auto given = credentials_of(request, site.transport);
  if (given.authorization.empty() && given.cookie.empty()) return {};
  return [&site, authorization = std::string(given.authorization), cookie = std::string(given.cookie)] {
    return site.access.allow(service::Scope::read, {authorization, cookie}).has_value();
  };
}

Handler streams(const Site& site, std::shared_ptr<const LogStreamWorld> world) {
  return [&site, world = std::move(world)](Request request, Responder respond) {
    LogStreamRequest wish;
    wish.filter.session_id = first_of(request, {"conversationId", "conversation_id"});
    wish.filter.types = request.query.list("types");
    if (wish.filter.session_id.size() > model::k_max_id || wish.filter.types.size() > k_max_types) {
      base::Error error{base::ErrorCode::invalid,
                        "At most 32 types and one conversation id of 128 characters.",
                        {},
                        "types",
                        {}};
      return respond(error_response(error, request.id));
    }
    wish.naming = request.query.get("named") == "1" ? hub::Naming::named : hub::Naming::unnamed;
    wish.cursor = request.header_or_empty("last-event-id");
    if (wish.cursor.empty()) wish.cursor = first_of(request, {"last_event_id", "lastEventId"});
    wish.allowed = still_allowed(site, request);
    respond.stream(make_log_stream(*world, std::move(wish)));
  };
}

// --- health and pages
// ----------------------------------------------------------------------------------------------

enum class Health : unsigned char { told, required };

Handler health(const Site& site, Health health) {
  return [&site, health](Request request, Responder respond) {
    on_worker(site, hold(std::move(request), std::move(respond)), [&site, health](Pending& pending) {
      const auto state = site.store.health();
      auto response = Response::json(200, service::health_json(site.version, state));
      if (!state && health == Health::required) response.status = 503;
      pending.respond(std::move(response));
    });
  };
}

Handler alive() {
  return [](const Request&, Responder respond) { respond(Response::text(200, "ok\n")); };
}

Handler without_pages(const Site& site) {
  return [&site](Request request, Responder respond) {
    on_worker(site, hold(std::move(request), std::move(respond)), [&site](Pending& pending) {
      const auto allowed =
          site.access.allow(service::Scope::read, credentials_of(pending.request, site.transport));
      if (!allowed) return pending.respond(error_response(allowed.error(), pending.request.id));
      const auto json = site.sessions.list(service::Query(service::Query::Parameters{{"limit", "100"}}));
      if (!json) return pending.respond(error_response(json.error(), pending.request.id));
      auto response = Response::text(200, plain_page(*json, site.base_path));
      response.content_type = "text/html; charset=utf-8";
      response.audience = Audience::page;
      response.add("Cache-Control", "no-store");
      pending.respond(std::move(response));
    });
  };
}

std::shared_ptr<const LogStreamWorld> make_streams(const Site& site) {
  StoredLog log;
  log.page = [&live = site.live](model::LogNumber after, model::LogNumber until, const std::string& session,
                                 std::int64_t limit) { return live.replay(after, until, session, limit); };
  log.last = [&live = site.live] { return live.last_number(); };
  return std::make_shared<const LogStreamWorld>(
      LogStreamWorld{site.hub, site.workers, site.clock, std::move(log)});
}

service::Scope scope_of(Access access) {
  switch (access) {
    case Access::open:
      return service::Scope::open;
    case Access::ingest:
      return service::Scope::ingest;
    case Access::read:
      return service::Scope::read;
    case Access::admin:
      break;
  }
  return service::Scope::admin;
}

}  // namespace

Router make_router(const Site& site) {
  const auto world = make_streams(site);
  std::vector<Route> routes{
      {Method::post, "/api/ingest", model::k_max_event, Access::ingest, ingests(site)},
      {Method::post, "/api/sessions/upload", model::k_max_upload, Access::ingest, uploads(site)},
      {Method::get, "/api/sessions", 0, Access::read, reads(site, list)},
      {Method::get, "/api/sessions/{id}", 0, Access::read, reads(site, show)},
      {Method::get, "/api/sessions/{id}/messages", 0, Access::read, reads(site, messages)},
      {Method::get, "/api/sessions/{id}/notes", 0, Access::read, reads(site, notes)},
      {Method::get, "/api/realtime/stream", 0, Access::read, streams(site, world)},
      {Method::get, "/api/stream", 0, Access::read, streams(site, world)},
      {Method::get, "/api/health", 0, Access::open, health(site, Health::told)},
      {Method::get, "/healthz", 0, Access::open, alive()},
      {Method::get, "/readyz", 0, Access::open, health(site, Health::required)},
      {Method::post, "/api/signin", k_small_body, Access::open, sign_in_handler(site)},
      {Method::post, "/api/signout", k_small_body, Access::open, sign_out_handler(site)},
  };
  return {std::move(routes), Route{Method::get, "/{rest...}", 0, Access::open,
                                   static_files(site.find_file, site.base_path, without_pages(site))}};
}

Gate make_gate(const Site& site) {
  return [&site](Access needed, Request& request) -> base::Result<void> {
    if (needed == Access::open) return {};
    auto principal = site.access.allow(scope_of(needed), credentials_of(request, site.transport));
    if (!principal) return base::forward(principal);
    request.caller = std::move(principal->key_id);
    return {};
  };
}

}  // namespace agentpipe::http
