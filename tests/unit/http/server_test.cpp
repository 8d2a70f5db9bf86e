#include <thread>

#include "test_server.hpp"

using namespace agentpipe;
using test::HttpClient;
using test::TestServer;

TEST_CASE("a request is answered and the connection stays open") {
  TestServer server;
  auto client = server.client();
  CHECK(client.get("/echo?a=1&b=x%20y+z").body == "GET /echo a=1 b=x y z");
  CHECK(client.post("/echo", "hello").body == "POST /echo hello");
  CHECK(client.get("/api/things/a%2Fb/parts").body == "GET /api/things/a%2Fb/parts [a/b]");
}

TEST_CASE("every answer carries the headers that protect it") {
  TestServer server;
  auto headers = server.client().get("/echo").headers;
  CHECK(headers["x-content-type-options"] == "nosniff");
  CHECK(headers["referrer-policy"] == "no-referrer");
  CHECK(headers["cross-origin-opener-policy"] == "same-origin");
  CHECK(headers["cross-origin-resource-policy"] == "same-origin");
  CHECK(headers["cache-control"] == "no-store");
  CHECK(headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'");
  CHECK_FALSE(headers["x-request-id"].empty());
  CHECK_FALSE(headers["date"].empty());
  CHECK_FALSE(headers.contains("access-control-allow-origin"));
}

TEST_CASE("pipelined requests are answered in order, also when the first answer comes last") {
  TestServer server;
  auto client = server.client();
  client.send(
      "GET /desk HTTP/1.1\r\nHost: localhost\r\n\r\nGET /echo?n=2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
      "GET /echo?n=4 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.desk.take().second(http::Response::text(200, "first"));
  CHECK(client.reply().body == "first");
  CHECK(client.reply().body == "GET /echo n=2");
  CHECK(client.reply().body == "POST /echo abc");
  CHECK(client.reply().body == "GET /echo n=4");
}

TEST_CASE("a thousand pipelined requests do not pile up on the stack") {
  TestServer server;
  auto client = server.client();
  std::string requests;
  for (int i = 0; i < 1000; ++i)
    requests += "GET /echo?n=" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::thread sender([&] { client.send(requests); });
  bool fine = true;
  for (int i = 0; i < 1000; ++i) fine = client.reply().body == "GET /echo n=" + std::to_string(i) && fine;
  sender.join();
  CHECK(fine);
}

TEST_CASE("a request may come byte by byte") {
  TestServer server;
  auto client = server.client();
  for (const char c :
       std::string("\r\nPOST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok")) {
    client.send(std::string(1, c));
  }
  CHECK(client.reply().body == "POST /echo ok");
}

TEST_CASE("chunked bodies are read, trailers passed over") {
  TestServer server;
  auto client = server.client();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(client.ask(head + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n").body ==
        "POST /echo abcdefg");
  CHECK(client.ask(head + "0\r\n\r\n").body == "POST /echo");
}

TEST_CASE("HEAD is answered like GET without the body") {
  TestServer server;
  auto client = server.client();
  client.send("HEAD /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto reply = client.reply(true);
  CHECK(reply.status == 200);
  CHECK(reply.headers.at("content-length") == "10");
  CHECK(client.get("/echo").body == "GET /echo");
  client.send("HEAD /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.reply(true);
  CHECK_FALSE(client.ask("nonsense\r\n\r\n").body.empty());
}

TEST_CASE("a query that cannot be read is named, and the connection stays") {
  TestServer server;
  auto client = server.client();
  for (const auto* query : {"a=100%", "a=%zz", "a=%00", "a=%ff"}) {
    CAPTURE(query);
    const auto reply = client.get(std::string("/echo?") + query);
    CHECK(reply.status == 400);
    CHECK(reply.body.find("\"code\":\"invalid_query\"") != std::string::npos);
  }
  CHECK(client.get("/echo?a=100%25").body == "GET /echo a=100%");
}

TEST_CASE("a small body where none is expected does no harm, a large one is refused") {
  TestServer server;
  auto client = server.client();
  const auto with_body = [&](std::size_t size) {
    return client.ask("GET /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(size) +
                      "\r\n\r\n" + std::string(size, 'x'));
  };
  CHECK(with_body(2).body == "GET /echo xx");
  CHECK(with_body(5000).status == 413);
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection after the answer") {
  TestServer server;
  for (const std::string request :
       {"GET /echo HTTP/1.0\r\n\r\n", "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"}) {
    auto client = server.client();
    CHECK(client.ask(request).headers.at("connection") == "close");
    CHECK(client.receive_all().empty());
  }
}

TEST_CASE("a client that has finished sending still gets its answer") {
  TestServer server;
  auto client = server.client();
  client.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.finish_sending();
  CHECK(client.reply().body == "GET /echo");
}

TEST_CASE("Expect: 100-continue is answered before the body comes, or with the refusal") {
  TestServer server;
  auto client = server.client();
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(client.ask("ok").body == "POST /echo ok");
  CHECK(client
            .ask("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\nExpect: "
                 "100-continue\r\n\r\n")
            .status == 413);
  CHECK(server.client()
            .ask("POST /echo HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok")
            .body == "POST /echo ok");
}

TEST_CASE("an unknown path below /api is a JSON 404, a wrong method a 405 with Allow") {
  TestServer server;
  auto client = server.client();
  const auto missing = client.get("/api/nothing", "X-Request-Id: my-id.1\r\n");
  CHECK(missing.status == 404);
  CHECK(missing.headers.at("x-request-id") == "my-id.1");
  CHECK(
      missing.body ==
      R"({"error":"Invalid request","code":"not_found","message":"There is nothing here that answers to this method and path.","request_id":"my-id.1"})");
  const auto wrong = client.ask("DELETE /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(wrong.status == 405);
  CHECK(wrong.headers.at("allow") == "GET, HEAD, POST, OPTIONS");
  const auto options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(options.status == 204);
  CHECK(options.headers.at("allow") == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("a handler that gives no answer is a 500 that tells nothing") {
  TestServer server;
  const auto reply = server.client().get("/silent", "X-Request-Id: r\r\n");
  CHECK(reply.status == 500);
  CHECK(reply.body.find("handler") == std::string::npos);
}

TEST_CASE("an answer for a client that has gone is dropped") {
  TestServer server;
  auto gone = std::make_unique<HttpClient>(server.port());
  gone->send("GET /desk HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto request = server.desk.take();
  gone.reset();
  request.second(http::Response::text(200, std::string(4'000'000, 'x')));
  CHECK(server.client().get("/echo").status == 200);
}

TEST_CASE("a large answer reaches a slow reader whole") {
  TestServer server;
  HttpClient client(server.port(), 4096);
  client.send("GET /desk HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.desk.take().second(http::Response::text(200, std::string(3'000'000, 'x')));
  CHECK(client.reply().body == std::string(3'000'000, 'x'));
}

TEST_CASE("only our own host names are answered") {
  TestServer server(test::options_with([](auto& o) { o.host_names = {"logs.example.org"}; }));
  auto client = server.client();
  const auto status = [&](const std::string& host) {
    return client.ask("GET /echo HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  for (const auto* host :
       {"localhost", "LOCALHOST:3000", "127.0.0.1:1", "[::1]:3000", "localhost.", "logs.example.org"}) {
    CHECK(status(host) == 200);
  }
  for (const auto* host :
       {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "["}) {
    CHECK(status(host) == 421);
  }
}

TEST_CASE("pages of other origins cannot change anything without a key") {
  TestServer server;
  auto client = server.client();
  const auto status = [&](const std::string& headers) { return client.post("/echo", "", headers).status; };
  CHECK(status("") == 200);
  CHECK(status("Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n") == 200);
  CHECK(status("Sec-Fetch-Site: none\r\n") == 200);
  CHECK(status("Origin: http://evil.example\r\n") == 403);
  CHECK(status("Origin: null\r\n") == 403);
  CHECK(status("Sec-Fetch-Site: cross-site\r\n") == 403);
  CHECK(status("Sec-Fetch-Site: same-site\r\nOrigin: http://localhost\r\n") == 403);
  CHECK(status("Origin: http://evil.example\r\nAuthorization: Bearer k\r\n") == 200);
  CHECK(client.get("/echo", "Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n").status == 200);
}

TEST_CASE("the gate refuses before the body is read") {
  const http::Gate gate = [](http::Access needed, http::Request& request) -> base::Result<void> {
    if (needed != http::Access::ingest || request.bearer() == "good") return {};
    return base::failure(base::ErrorCode::unauthorized, "no key");
  };
  TestServer server({}, {}, gate);
  auto client = server.client();
  const auto reply = client.ask("POST /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n");
  CHECK(reply.status == 401);
  CHECK(reply.headers.at("www-authenticate") == "Bearer");
  CHECK(reply.headers.at("connection") == "close");
  auto other = server.client();
  CHECK(other.post("/big", std::string(5'000'000, 'x'), "authorization: bEARER good\r\n").body == "5000000");
}

TEST_CASE("the base path may be there or not") {
  TestServer server(test::options_with([](auto& o) { o.base_path = "/logs"; }));
  auto client = server.client();
  CHECK(client.get("/logs/echo").body == "GET /echo");
  CHECK(client.get("/echo").body == "GET /echo");
  CHECK(client.get("/logsx").body == "GET /logsx");
}

TEST_CASE("several loops serve side by side") {
  TestServer server(test::options_with([](auto& o) { o.threads = 3; }));
  for (int i = 0; i < 9; ++i) CHECK(server.client().get("/echo").status == 200);
}

TEST_CASE("a stop lets requests in flight finish, closes the rest, and can be repeated") {
  TestServer server;
  auto idle = server.client();
  CHECK(idle.get("/echo").status == 200);
  auto busy = server.client();
  busy.send("GET /desk HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto request = server.desk.take();
  std::thread stopper([&] { server.server->stop(base::Milliseconds(20'000)); });
  CHECK(idle.receive_all().empty());
  request.second(http::Response::text(200, "done"));
  const auto reply = busy.reply();
  CHECK(reply.body == "done");
  CHECK(reply.headers.at("connection") == "close");
  stopper.join();
  server.server->stop(base::Milliseconds(0));
  CHECK_THROWS(static_cast<void>(server.client()));
}

TEST_CASE("a stop does not wait for a handler longer than its grace") {
  TestServer server;
  auto client = server.client();
  client.send("GET /desk HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto request = server.desk.take();
  server.server->stop(base::Milliseconds(1));
  CHECK(client.receive_all().empty());
  server.server.reset();
  request.second(http::Response::text(200, "too late"));
}

TEST_CASE("an address that cannot be used is named") {
  base::SystemClock clock;
  TestServer taken;
  for (const std::string& address :
       {std::string("nonsense"), std::string("127.0.0.1:99999"), taken.server->addresses().front()}) {
    http::ServerOptions options;
    options.listen = {address};
    const auto listening = http::Server::listen(options, http::Router({}, {}), {}, clock);
    REQUIRE_FALSE(listening);
    CHECK(listening.error().code == base::ErrorCode::configuration);
    CHECK(listening.error().message.find(address) != std::string::npos);
  }
}
