#include "agentpipe/http/router.hpp"

#include <doctest/doctest.h>

using namespace agentpipe::http;

namespace {

Router make_router() {
  const Handler none = [](const Request&, const Responder&) {};
  return {{{Method::get, "/api/sessions", 0, Access::read, none},
           {Method::get, "/api/sessions/{id}", 0, Access::read, none},
           {Method::del, "/api/sessions/{id}", 0, Access::admin, none},
           {Method::post, "/api/sessions/upload", 9, Access::ingest, none},
           {Method::get, "/api/sessions/{id}/messages", 0, Access::read, none}},
          {Method::get, "/{rest...}", 0, Access::open, none}};
}

}  // namespace

TEST_CASE("a route is found by method and path, parameters decoded") {
  const auto router = make_router();
  CHECK(router.find(Method::get, "/api/sessions").route->pattern == "/api/sessions");
  CHECK(router.find(Method::head, "/api/sessions").route->pattern == "/api/sessions");
  const auto messages = router.find(Method::get, "/api/sessions/a%20b+c/messages");
  CHECK(messages.route->pattern == "/api/sessions/{id}/messages");
  CHECK(messages.parameters == std::vector<std::string>{"a b+c"});
  CHECK(router.find(Method::post, "/api/sessions/upload").route->body_limit == 9);
  CHECK(router.find(Method::del, "/api/sessions/x").route->access == Access::admin);
}

TEST_CASE("what is not in the table is 404, 405 or 400") {
  const auto router = make_router();
  CHECK(router.find(Method::get, "/api/sessions/").status == 404);
  CHECK(router.find(Method::get, "/api/sessions/x/y").status == 404);
  CHECK(router.find(Method::get, "/api").status == 404);
  CHECK(router.find(Method::get, "/apix").route->pattern == "/{rest...}");
  const auto wrong = router.find(Method::put, "/api/sessions/x");
  CHECK(wrong.status == 405);
  CHECK(wrong.allow == "GET, HEAD, DELETE, OPTIONS");
  CHECK(router.find(Method::post, "/somewhere").status == 405);
  CHECK(router.find(Method::get, "/api/sessions/%zz").status == 400);
  CHECK(router.find(Method::get, "/api/sessions/%00").status == 400);
  CHECK(router.find(Method::get, "/api/sessions/%ff").status == 400);
}

TEST_CASE("a literal path wins over a parameter, in whatever order they were added") {
  using namespace agentpipe::http;
  const Router router({{Method::get, "/api/things/{id}", 0, Access::read, {}},
                       {Method::get, "/api/things/newest", 0, Access::read, {}}},
                      {Method::get, "/{rest...}", 0, Access::open, {}});
  CHECK(router.find(Method::get, "/api/things/newest").route->pattern == "/api/things/newest");
  CHECK(router.find(Method::get, "/api/things/other").route->pattern == "/api/things/{id}");
}
