#include "route_tools.hpp"

#include <utility>

#include "body_coding.hpp"
#include "sign_in.hpp"

namespace agentpipe::http {

namespace {

Response busy(const Request& request) {
  return error_response({base::ErrorCode::unavailable, "The server is busy; try again soon.", {}, {}, {}},
                        request.id);
}

/// Our own page says so in headers that no page can write (Fetch Metadata). That an Origin is ours was
/// checked before; without one nothing is changed.
service::Sender sender_of(const Request& request) {
  const bool same = request.header_or_empty("sec-fetch-site") == "same-origin";
  const bool told = is_safe(request.method) || request.header("origin").has_value();
  return same && told ? service::Sender::own_page : service::Sender::anything;
}

void note_outcome(const Site& site, const base::Result<service::Reply>& reply, base::Ticks begun) {
  site.ingest_stats.answered(begun);
  if (reply) return;
  const auto& error = reply.error();
  site.ingest_stats.rejected(error.reason.empty() ? base::to_string(error.code) : error.reason);
}

}  // namespace

PendingPtr hold(Request request, Responder respond) {
  return std::make_shared<Pending>(Pending{std::move(request), std::move(respond)});
}

base::Result<void> unpack_body(Request& request, std::size_t limit) {
  const Coding coding = coding_of(request).value_or(Coding::identity);
  if (coding == Coding::identity) return {};
  auto plain = unpack(coding, request.body, limit);
  if (!plain) return base::forward(plain);
  request.body = std::move(*plain);
  return {};
}

void on_worker(const Site& site, const PendingPtr& pending, std::function<void(Pending&)> task) {
  if (!site.workers.run([pending, task = std::move(task)] { task(*pending); }))
    pending->respond(busy(pending->request));
}

Handler worked(const Site& site, std::function<Response(const Request&)> answer) {
  return [&site, answer = std::move(answer)](Request request, Responder respond) {
    on_worker(site, hold(std::move(request), std::move(respond)),
              [answer](Pending& pending) { pending.respond(answer(pending.request)); });
  };
}

Response to_response(const base::Result<std::string>& json, const Request& request) {
  return json ? Response::json(200, *json) : error_response(json.error(), request.id);
}

service::Query query_of(const Request& request) {
  return service::Query(request.query.all());
}

service::ReplyDone answer_write(const Site& site, const PendingPtr& pending) {
  return [&site, pending, begun = site.clock.ticks()](base::Result<service::Reply> reply) {
    note_outcome(site, reply, begun);
    pending->respond(reply ? Response::json(reply->created ? 201 : 200, std::move(reply->json))
                           : error_response(reply.error(), pending->request.id));
  };
}

service::Credentials credentials_of(const Request& request, Transport transport) {
  return {request.header_or_empty("authorization"), request.cookie(cookie_name(transport)),
          sender_of(request)};
}

Response created(const base::Result<std::string>& json, const Request& request) {
  auto response = to_response(json, request);
  if (json) response.status = 201;
  return response;
}

std::string first_of(const Request& request, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (const auto value = request.query.get(name); value && !value->empty()) return std::string(*value);
  }
  return {};
}

}  // namespace agentpipe::http
