#include "agentpipe/http/static_files.hpp"
#include "whole_server.hpp"

using namespace agentpipe;

namespace {

using Whole = test::WholeServer;

const std::string k_key = "Authorization: Bearer ap_live_test_key_0123456789\r\n";

std::string message(int number) {
  const auto n = std::to_string(number);
  return R"({"type":"message.created","timestamp":"2026-01-05T08:00:04Z","data":{"conversation_id":"c-1","message_id":"m-)" +
         n + R"(","agent_id":"a","agent_type":"claude","content":"<b>)" + n + R"(</b>","sequence_number":)" +
         n + "}}";
}

}  // namespace

TEST_CASE("what is sent in can be read, listed and watched") {
  Whole whole;
  auto watcher = whole.client();
  watcher.send("GET /api/realtime/stream?conversationId=c-1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  watcher.receive_until("connection.established");
  auto client = whole.client();
  CHECK(client.post("/api/ingest", message(1), k_key).status == 201);
  CHECK(client.post("/api/ingest", message(1), k_key).status == 200);
  CHECK(watcher.receive_until("\"message_id\":\"m-1\"").find("message.created") != std::string::npos);
  CHECK(client.get("/api/sessions").body.find("\"c-1\"") != std::string::npos);
  CHECK(client.get("/api/sessions/c-1").status == 200);
  CHECK(client.get("/api/sessions/c-1/messages?limit=1").body.find("\"m-1\"") != std::string::npos);
  CHECK(client.get("/api/sessions/c-1/notes").status == 200);
  CHECK(client.get("/api/sessions/none").status == 404);
  CHECK(client.get("/api/sessions?limit=abc").status == 400);
  CHECK(client.get("/api/sessions/c-1", "Sec-Fetch-Site: same-origin\r\n").headers.at("cache-control") ==
        "no-store");
}

TEST_CASE("who has finished sending still gets the whole of its download") {
  Whole whole;
  auto client = whole.client();
  CHECK(client.post("/api/ingest", message(1), k_key).status == 201);
  client.send("GET /api/sessions/c-1/export?format=jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.finish_sending();
  CHECK(client.receive_all().ends_with("\r\n0\r\n\r\n"));
}

TEST_CASE("writing needs a key, wherever the server listens") {
  Whole whole;
  auto client = whole.client();
  CHECK(client.ask("POST /api/ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").status ==
        401);
  CHECK(client.post("/api/ingest", "", "Authorization: Bearer wrong\r\n").status == 401);
  CHECK(client.post("/api/ingest", "{", k_key).status == 400);
}

TEST_CASE("a whole session is uploaded") {
  Whole whole;
  auto client = whole.client();
  const std::string document =
      R"({"conversation":{"id":"u-1","name":"n","mode":"reactive","initial_prompt":"p","started_at":"2026-01-05T08:00:00Z",)"
      R"("status":"COMPLETED"},"agents":[{"agent_type":"claude","agent_name":"Ada"}],"messages":[{"agent_type":"claude",)"
      R"("agent_name":"Ada","content":"hi","timestamp":"2026-01-05T08:00:01Z"}]})";
  CHECK(client.post("/api/sessions/upload", document, k_key).status == 201);
  CHECK(client.post("/api/sessions/upload", document, k_key).status == 200);
  CHECK(client.get("/api/sessions/u-1").status == 200);
}

TEST_CASE("a batch is stored, repeated, refused for a gap and taken with a declared one") {
  Whole whole;
  auto client = whole.client();
  const auto post = [&](const std::string& first, const std::string& body, const std::string& more = "") {
    const auto reply =
        client.post("/api/ingest/batch", body,
                    k_key + "X-AgentPipe-Source: s-1\r\nX-AgentPipe-First: " + first + "\r\n" + more);
    return std::to_string(reply.status) + " " + reply.body.substr(0, reply.body.find(",\"message\""));
  };
  CHECK(post("1", message(1) + "\n" + message(2) + "\n") ==
        R"(200 {"acked_n":2,"duplicates":0,"rejected":[]})");
  CHECK(post("1", message(1) + "\n" + message(2)) == R"(200 {"acked_n":2,"duplicates":2,"rejected":[]})");
  CHECK(post("4", message(4)) == R"(409 {"error":"gap","code":"gap")");
  CHECK(post("4", message(4), "X-AgentPipe-Missing: 1\r\n") ==
        R"(200 {"acked_n":4,"duplicates":0,"rejected":[]})");
  CHECK(post("x", message(4)) == R"(400 {"error":"Invalid request","code":"bad_header")");
}

TEST_CASE("a gap's answer is an error like all others and names the record that is expected") {
  Whole whole;
  auto client = whole.client();
  const auto reply =
      client.post("/api/ingest/batch", message(9),
                  k_key + "X-AgentPipe-Source: s\r\nX-AgentPipe-First: 9\r\nX-Request-Id: r\r\n");
  CHECK(
      reply.body ==
      R"({"error":"gap","code":"gap","message":"Record 1 comes next. Send from there on; say with X-AgentPipe-Missing )"
      R"(how many records before the first will never come.","expected_n":1,"request_id":"r"})");
}

TEST_CASE("bodies may come packed to the endpoints that take events, and to no other") {
  Whole whole;
  auto client = whole.client();
  const auto packed = [&](const std::string& path, const std::string& body, const std::string& coding) {
    return client.post(path, body, k_key + "Content-Encoding: " + coding + "\r\n").status;
  };
  CHECK(packed("/api/ingest", http::gzip(message(1)), "gzip") == 201);
  CHECK(packed("/api/ingest", message(1), "identity") == 200);
  CHECK(packed("/api/ingest", message(1), "gzip") == 400);
  CHECK(packed("/api/ingest", http::gzip(std::string(2UL << 20U, ' ')), "GZIP") == 413);
  CHECK(packed("/api/signin", http::gzip("{}"), "gzip") == 415);
  const auto refused = whole.client().post("/api/ingest", message(1), k_key + "Content-Encoding: br\r\n");
  CHECK(refused.status == 415);
  CHECK(refused.headers.at("accept-encoding") == "gzip, zstd");
}

TEST_CASE("health is told to everybody") {
  Whole whole(service::ReadersNeed::key);
  auto client = whole.client();
  CHECK(client.get("/api/health").body.find("\"version\":\"1.2.3\"") != std::string::npos);
  CHECK(client.get("/healthz").body == "ok\n");
  CHECK(client.get("/readyz").status == 200);
}

TEST_CASE("a browser trades a key for a cookie and gives it back") {
  Whole whole(service::ReadersNeed::key);
  const auto key = whole.access().create_key({"sofa", {service::Scope::read}}).value().secret;
  auto client = whole.client();
  CHECK(client.get("/api/sessions").status == 401);
  CHECK(client.post("/api/signin", "{}").status == 400);
  CHECK(client.post("/api/signin", R"({"api_key":"wrong"})").status == 401);
  const auto reply = client.post("/api/signin", R"({"api_key":")" + key.reveal() + "\"}");
  REQUIRE(reply.status == 200);
  const auto set = reply.headers.at("set-cookie");
  CHECK(set.starts_with("agentpipe="));
  CHECK(set.find("; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000") != std::string::npos);
  const auto cookie = "Cookie: x=y; " + set.substr(0, set.find(';')) + "\r\n";
  CHECK(client.get("/api/sessions", cookie).status == 200);
  CHECK(client.post("/api/signout", "", cookie + "Origin: http://evil.example\r\n").status == 403);
  auto other = whole.client();
  CHECK(other.post("/api/signout", "", cookie).status == 200);
  CHECK(other.get("/api/sessions", cookie).status == 401);
}

TEST_CASE("the list without scripts is escaped and leads to its sessions") {
  Whole whole;
  auto client = whole.client();
  const std::string started =
      R"({"type":"conversation.started","timestamp":"2026-01-05T08:00:00Z","data":{"conversation_id":"c-9","mode":"reactive",)"
      R"("initial_prompt":"<script>alert(1)</script>","participants":[]}})";
  REQUIRE(client.post("/api/ingest", started, k_key).status == 201);
  const auto page = client.get("/plain/sessions");
  CHECK(page.status == 200);
  CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
  CHECK(page.headers.at("content-security-policy")
            .starts_with("default-src 'none'; style-src 'unsafe-inline';"));
  CHECK(page.body.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
  CHECK(page.body.find("<script>") == std::string::npos);
  CHECK(page.body.find("href=\"/plain/sessions/c-9\"") != std::string::npos);
}
