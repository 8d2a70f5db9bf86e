#include <array>

#include "whole_server.hpp"

using namespace agentpipe;
using http::Access;
using http::Method;
using service::Scope;

namespace {

/// Who asks, and for which needs the answer is not a refusal.
struct Caller {
  std::string name;
  std::string headers;
  std::vector<Access> may;
  int refusal;
};

std::string bearer(const std::string& key) {
  return "Authorization: Bearer " + key + "\r\n";
}

std::vector<Caller> callers(test::WholeServer& server) {
  const auto key = [&](const char* name, Scope scope) {
    return server.access().create_key({name, {scope}}).value().secret.reveal();
  };
  const auto revoked = key("revoked", Scope::admin);
  REQUIRE(server.access().revoke_key("revoked"));
  const std::string token(32, 'A');  // that of a share looks so
  return {
      {"none", "", {Access::open}, 401},
      {"bad", bearer("ap_live_wrong"), {Access::open}, 401},
      {"page of ours", "Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost\r\n", {Access::open}, 401},
      {"ingest", bearer(key("i", Scope::ingest)), {Access::open, Access::ingest, Access::upload}, 403},
      {"read", bearer(key("r", Scope::read)), {Access::open, Access::read}, 403},
      {"admin",
       bearer(key("a", Scope::admin)),
       {Access::open, Access::ingest, Access::upload, Access::read, Access::manage, Access::admin},
       403},
      {"revoked", bearer(revoked), {Access::open}, 401},
      {"share", bearer(token), {Access::open}, 401}};
}

std::string path_of(std::string pattern) {
  for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{'))
    pattern.replace(open, pattern.find('}') - open + 1, "none");
  return pattern;
}

int status_of(const test::WholeServer& server, const http::Route& route, const Caller& caller) {
  auto client = server.client();
  const bool body = !http::is_safe(route.method);
  client.send(std::string(http::to_string(route.method)) + " " + path_of(route.pattern) +
              " HTTP/1.1\r\nHost: localhost\r\n" + caller.headers + (body ? "Content-Length: 2\r\n" : "") +
              "\r\n" + (body ? "{}" : ""));
  return client.reply().status;
}

bool starts_with_any(const std::string& text, std::initializer_list<std::string_view> heads) {
  return std::ranges::any_of(heads, [&](auto head) { return text.starts_with(head); });
}

}  // namespace

TEST_CASE("every route gives every kind of caller what its need allows and nothing else") {
  test::WholeServer server(service::ReadersNeed::key);
  const auto all = callers(server);
  for (const auto& route : server.routes()) {
    for (const auto& caller : all) {
      CAPTURE(http::to_string(route.method));
      CAPTURE(route.pattern);
      CAPTURE(caller.name);
      const auto status = status_of(server, route, caller);
      const bool allowed = std::ranges::find(caller.may, route.access) != caller.may.end();
      CHECK((status == 401 || status == 403) == !allowed);
      if (!allowed) CHECK(status == caller.refusal);
    }
  }
}

TEST_CASE("on loopback a page of ours may all but ingest and keys, a program only read") {
  test::WholeServer server(service::ReadersNeed::nothing);
  const Caller page{"page",
                    "Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost\r\n",
                    {Access::open, Access::upload, Access::read, Access::manage},
                    401};
  const Caller program{"program", "", {Access::open, Access::read}, 401};
  for (const auto& route : server.routes()) {
    for (const auto& caller : {page, program}) {
      CAPTURE(http::to_string(route.method));
      CAPTURE(route.pattern);
      CAPTURE(caller.name);
      const bool allowed = std::ranges::find(caller.may, route.access) != caller.may.end();
      CHECK((status_of(server, route, caller) == 401) == !allowed);
    }
  }
}

TEST_CASE("the table gives nothing away: what changes things asks for a right to change them") {
  const test::WholeServer server;
  constexpr std::array k_open{"/api/signin", "/api/signout"};
  constexpr std::array k_by_readers{"/api/realtime/ping", "/api/search"};  // change nothing
  for (const auto& route : server.routes()) {
    CAPTURE(route.pattern);
    const auto is = [&](const auto& list) { return std::ranges::find(list, route.pattern) != list.end(); };
    if (route.pattern.starts_with("/api/ingest")) CHECK(route.access == Access::ingest);
    if (route.pattern.starts_with("/v1/")) CHECK(route.access == Access::ingest);
    if (starts_with_any(route.pattern, {"/api/keys"})) CHECK(route.access == Access::admin);
    if (http::is_safe(route.method)) continue;
    CHECK((route.access != Access::open || is(k_open)));
    CHECK((route.access != Access::read || is(k_by_readers)));
  }
}
