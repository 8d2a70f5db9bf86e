#include "sign_in.hpp"

#include <simdjson.h>

#include <optional>

#include "gate.hpp"

namespace agentpipe::http {

namespace {

constexpr std::string_view k_max_age = "2592000";  // 30 days, as the service keeps it

std::optional<std::string> key_in(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  std::string_view key;
  if (parser.parse(simdjson::padded_string(body)).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (document["api_key"].get(key) != simdjson::SUCCESS) return std::nullopt;
  return std::string(key);
}

Response with_cookie(Transport transport, std::string_view value, std::string_view max_age) {
  std::string cookie(cookie_name(transport));
  cookie.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=").append(max_age);
  if (transport == Transport::secure) cookie += "; Secure";
  return std::move(Response::json(200, R"({"success":true})").add("Set-Cookie", cookie));
}

}  // namespace

std::string_view cookie_name(Transport transport) {
  return transport == Transport::secure ? "__Host-agentpipe" : "agentpipe";
}

Handler sign_in_handler(const Site& site) {
  return [&site](const Request& request, Responder respond) {
    const auto key = key_in(request.body);
    if (!key) {
      base::Error error{base::ErrorCode::invalid, "Send {\"api_key\": \"…\"}.", {}, "api_key", "required"};
      return respond(error_response(error, request.id));
    }
    const auto cookie = site.access.sign_in(*key);
    if (cookie) return respond(with_cookie(site.transport, *cookie, k_max_age));
    const auto refusal = refuse_key(site, request.peer, cookie.error());
    auto response = error_response(refusal.error, request.id);
    response.headers += refusal.headers;
    respond(std::move(response));
  };
}

Handler sign_out_handler(const Site& site) {
  return [&site](const Request& request, Responder respond) {
    site.access.sign_out(request.cookie(cookie_name(site.transport)));
    respond(with_cookie(site.transport, "", "0"));
  };
}

}  // namespace agentpipe::http
