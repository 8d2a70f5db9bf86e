#include "agentpipe/delivery/curl_transport.hpp"

#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "loopback_server.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::NetworkFault;
using delivery::Response;
using test::LoopbackServer;

namespace {

delivery::Endpoint endpoint_for(const std::string& url) {
  return delivery::make_endpoint(url, base::Secret("ap_live_canary_key_abcd"),
                                 delivery::PlainHttp::loopback_only)
      .value();
}

delivery::Request ingest(std::string_view body) {
  return {"POST", "/api/ingest", body, "application/json", {}};
}

Response send(const delivery::Endpoint& endpoint, std::string_view body = "{}") {
  return delivery::make_curl_transport(endpoint, "agentpipe-bridge/1.2.3")->send(ingest(body), {});
}

}  // namespace

TEST_CASE("a request carries body, key, type and name of the program, and the answer comes back whole") {
  LoopbackServer server;
  server.then(201, R"({"message_id":"m"})", "Date: Mon, 05 Jan 2026 08:00:00 GMT\r\nretry-after: 7\r\n");
  const auto transport = delivery::make_curl_transport(endpoint_for(server.url()), "agentpipe-bridge/1.2.3");
  delivery::Request request = ingest(R"({"type":"x"})");
  request.headers.emplace_back("X-AgentPipe-First", "1");
  const Response response = transport->send(request, {});
  CHECK(response.fault == NetworkFault::none);
  CHECK(response.status == 201);
  CHECK(response.body == R"({"message_id":"m"})");
  CHECK(response.retry_after == "7");
  CHECK(response.date == "Mon, 05 Jan 2026 08:00:00 GMT");
  CHECK(response.total > 0ms);
  const auto seen = server.requests().at(0);
  CHECK(seen.body == R"({"type":"x"})");
  CHECK(seen.head.starts_with("POST /api/ingest HTTP/1.1\r\n"));
  for (const char* header :
       {"\r\nAuthorization: Bearer ap_live_canary_key_abcd", "\r\nContent-Type: application/json",
        "\r\nUser-Agent: agentpipe-bridge/1.2.3", "\r\nX-AgentPipe-First: 1"}) {
    CHECK(seen.head.find(header) != std::string::npos);
  }
  CHECK(seen.head.find("Expect:") == std::string::npos);
}

TEST_CASE("one connection serves many requests of both methods") {
  LoopbackServer server;
  const auto transport = delivery::make_curl_transport(endpoint_for(server.url()), "x");
  for (int i = 0; i < 5; ++i) CHECK(transport->send(ingest("{}"), {}).status == 200);
  CHECK(transport->send({"GET", "/api/health", {}, {}, {}}, {}).status == 200);
  CHECK(transport->send(ingest(""), {}).status == 200);
  CHECK(server.connections() == 1);
  const auto seen = server.requests();
  REQUIRE(seen.size() == 7);
  CHECK(seen[5].head.starts_with("GET /api/health HTTP/1.1\r\n"));
  CHECK(seen[5].head.find("Content-Type") == std::string::npos);
  CHECK(seen[6].head.starts_with("POST /api/ingest HTTP/1.1\r\n"));
}

TEST_CASE("no key, no Authorization header") {
  LoopbackServer server;
  delivery::Endpoint endpoint = endpoint_for(server.url());
  endpoint.api_key = base::Secret();
  CHECK(send(endpoint).status == 200);
  CHECK(server.requests().at(0).head.find("Authorization") == std::string::npos);
}

TEST_CASE("a redirect is reported, not followed") {
  LoopbackServer elsewhere;
  LoopbackServer server;
  server.then(302, "", "Location: " + elsewhere.url() + "/steal\r\n");
  CHECK(send(endpoint_for(server.url())).status == 302);
  CHECK(elsewhere.requests().empty());
}

TEST_CASE("nobody listens: the fault is connect, and its text does not hold the key") {
  std::string url;
  {
    const LoopbackServer gone;
    url = gone.url();
  }
  const Response response = send(endpoint_for(url));
  CHECK(response.fault == NetworkFault::connect);
  CHECK(response.status == 0);
  CHECK_FALSE(response.fault_text.empty());
  CHECK(response.fault_text.find("canary") == std::string::npos);
}

TEST_CASE("a truncated answer, an endless one and a hang-up are broken connections") {
  LoopbackServer server;
  server.then("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"success\":true}");
  CHECK(send(endpoint_for(server.url())).fault == NetworkFault::broken);
  server.then(200, std::string(delivery::k_max_answer + 1, ' '));
  const Response endless = send(endpoint_for(server.url()));
  CHECK(endless.fault == NetworkFault::broken);
  CHECK(endless.fault_text == "the answer is longer than 4.2 MB");
  CHECK(endless.body.empty());
  server.then(LoopbackServer::k_hang_up);
  CHECK(send(endpoint_for(server.url())).fault == NetworkFault::broken);
}

TEST_CASE("a server that speaks no TLS is a TLS fault") {
  LoopbackServer server;
  server.then("no\r\n\r\n");
  std::string url = server.url();
  url.replace(0, 4, "https");
  delivery::Endpoint endpoint = endpoint_for(url);
  endpoint.total_timeout = 300ms;  // the server waits for the end of a request head that never comes
  const Response response = send(endpoint);
  CHECK((response.fault == NetworkFault::tls || response.fault == NetworkFault::timeout));
}

TEST_CASE("a silent server ends in a time-out") {
  LoopbackServer server;
  server.then(LoopbackServer::k_say_nothing);
  delivery::Endpoint endpoint = endpoint_for(server.url());
  endpoint.total_timeout = 20ms;
  CHECK(send(endpoint).fault == NetworkFault::timeout);
}

TEST_CASE("a stop ends a request that waits for its answer") {
  LoopbackServer server;
  server.then(LoopbackServer::k_say_nothing);
  delivery::Endpoint endpoint = endpoint_for(server.url());
  endpoint.total_timeout = 1h;
  endpoint.stall_timeout = 1h;
  const auto transport = delivery::make_curl_transport(endpoint, "x");
  std::stop_source stop;
  std::jthread stopper([&] {
    while (server.requests().empty()) std::this_thread::yield();
    stop.request_stop();
  });
  const Response response = transport->send(ingest("{}"), stop.get_token());
  CHECK(response.fault == NetworkFault::broken);
  CHECK(response.fault_text == "stopped");
  CHECK(response.total < 10s);
  CHECK(transport->send(ingest("{}"), {}).status == 200);
}

TEST_CASE("interim answers are passed over") {
  LoopbackServer server;
  server.then("HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" + LoopbackServer::reply(200, "{}"));
  const Response response = send(endpoint_for(server.url()));
  CHECK(response.status == 200);
  CHECK_FALSE(response.retry_after);
}
