#include <thread>

#include "test_server.hpp"

using namespace agentpipe;
using base::Milliseconds;
using test::TestServer;

namespace {

const std::string k_host = "Host: localhost\r\n";

int status_of(TestServer& server, const std::string& bytes) {
  auto client = server.client();
  client.send(bytes);
  auto reply = client.reply();
  CHECK(reply.headers["connection"] == "close");
  CHECK(client.receive_all().empty());
  return reply.status;
}

}  // namespace

TEST_CASE("a malformed or ambiguous request is refused and the connection ended") {
  TestServer server;
  const std::string chunked = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n";
  for (const auto& request : std::vector<std::string>{
           std::string("nonsense\r\n\r\n"),
           std::string("GET /echo HTTP/2.0\r\nHost: localhost\r\n\r\n"),
           std::string("GET /echo HTTP/1.1\r\n\r\n"),                                   // no Host
           std::string("GET /echo HTTP/1.1\nHost: localhost\n\n"),                      // bare LF
           std::string("GET /echo HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n"),          // one bare LF
           std::string("GET /echo HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n"),  // folded line
           std::string("GET /echo HTTP/1.1\r\nHost : localhost\r\n\r\n"),
           std::string("GET echo HTTP/1.1\r\nHost: localhost\r\n\r\n"),
           chunked + "Content-Length: 3\r\n\r\n0\r\n\r\n",
           "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: "
           "chunked\r\n\r\n0\r\n\r\n",
           "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
           "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
           std::string("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"),
           std::string("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1x\r\n\r\n"),
           chunked + "\r\nzz\r\n",
           chunked + "\r\n3\r\nabcX\r\n0\r\n\r\n",
           chunked + "\r\nFFFFFFFFFFFFFFFFF\r\n",
       }) {
    CAPTURE(request);
    CHECK(status_of(server, request) == 400);
  }
}

TEST_CASE("what is too long is refused with its own status") {
  TestServer server;
  CHECK(status_of(server, "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\n" + k_host + "\r\n") == 414);
  CHECK(status_of(server, "GET /" + std::string(9000, 'x')) == 414);
  CHECK(status_of(server, "GET / HTTP/1.1\r\n" + k_host + "X: " + std::string(9000, 'x') + "\r\n\r\n") ==
        431);
  std::string many = "GET / HTTP/1.1\r\n" + k_host;
  for (int i = 0; i < 40; ++i) many += "X-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n";
  CHECK(status_of(server, many + "\r\n") == 431);
  CHECK(status_of(server, "POST /echo HTTP/1.1\r\n" + k_host + "Content-Length: 1001\r\n\r\n") == 413);
  CHECK(status_of(server, "POST /echo HTTP/1.1\r\n" + k_host + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                              std::string(1001, 'x') + "\r\n0\r\n\r\n") == 413);
  CHECK(status_of(server, "POST /echo HTTP/1.1\r\n" + k_host +
                              "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc") == 415);
}

TEST_CASE("headers just within the limits pass") {
  TestServer server;
  auto client = server.client();
  CHECK(client.get("/echo?" + std::string(8000, 'x')).status == 200);
  CHECK(client.get("/echo", "X: " + std::string(8000, 'x') + "\r\n").status == 200);
  CHECK(client.post("/echo", std::string(1000, 'x')).status == 200);
}

TEST_CASE("an endless chunk extension, size or trailer is cut off, not collected") {
  for (const std::string start : {"5;ext=", "0\r\nX-Trailer: ", "000000"}) {
    CAPTURE(start);
    TestServer server;
    auto client = server.client();
    client.send("POST /big HTTP/1.1\r\n" + k_host + "Transfer-Encoding: chunked\r\n\r\n" + start);
    std::size_t sent = 0;
    const std::string part(16384, start == "000000" ? '0' : 'x');
    while (sent < (64U << 20U) && client.send(part)) sent += part.size();
    CHECK(sent < (32U << 20U));  // what is passed over after the refusal, and what sockets hold
  }
}

TEST_CASE("many tiny chunks with long extensions cannot cost more than they bring") {
  TestServer server;
  auto client = server.client();
  client.send("POST /big HTTP/1.1\r\n" + k_host + "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1;" + std::string(4000, 'x') + "\r\ny\r\n";
  for (int i = 0; i < 2000 && client.send(chunk); ++i) {
  }
  CHECK(client.reply().status == 400);
}

TEST_CASE("who sends a header too slowly gets 408") {
  TestServer server(test::options_with([](auto& o) { o.timeouts.header = Milliseconds(30); }));
  auto client = server.client();
  client.send("GET /echo HT");
  CHECK(client.reply().status == 408);
  CHECK(client.receive_all().empty());
}

TEST_CASE("who sends a body too slowly gets 408") {
  TestServer server(test::options_with([](auto& o) { o.timeouts.body_grace = Milliseconds(30); }));
  auto client = server.client();
  client.send("POST /echo HTTP/1.1\r\n" + k_host + "Content-Length: 100\r\n\r\nabc");
  CHECK(client.reply().status == 408);
}

TEST_CASE("idle connections are closed without a word") {
  TestServer server(
      test::options_with([](auto& o) { o.timeouts.header = o.timeouts.idle = Milliseconds(30); }));
  CHECK(server.client().receive_all().empty());
  auto used = server.client();
  CHECK(used.get("/echo").status == 200);
  CHECK(used.receive_all().empty());
}

TEST_CASE("a reader that takes nothing of its answer is cut off") {
  TestServer server(test::options_with([](auto& o) { o.timeouts.write = Milliseconds(50); }));
  test::HttpClient client(server.port(), 4096);
  client.send("GET /desk HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.desk.take().second(http::Response::text(200, std::string(50'000'000, 'x')));
  while (server.server->stats().connections > 0) std::this_thread::yield();
  CHECK(server.client().get("/echo").status == 200);
}

TEST_CASE("connections above the limit are told to come back") {
  TestServer server(test::options_with([](auto& o) { o.limits.connections = 2; }));
  auto one = server.client();
  auto two = server.client();
  CHECK(one.get("/echo").status == 200);
  CHECK(two.get("/echo").status == 200);
  auto three = server.client();
  const auto reply = three.reply();
  CHECK(reply.status == 503);
  CHECK(reply.headers.at("retry-after") == "5");
  CHECK(reply.body.ends_with("try again later.\"}"));
  CHECK(server.server->stats().refused_connections == 1);
  CHECK(one.get("/echo").status == 200);
}
