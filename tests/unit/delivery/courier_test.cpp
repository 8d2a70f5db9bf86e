#include "agentpipe/delivery/courier.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agentpipe/delivery/memory_spool.hpp"
#include "manual_clock.hpp"
#include "scripted_transport.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::Courier;
using delivery::DeliveryCounts;
using delivery::Line;
using delivery::NetworkFault;
using nlohmann::json;
using test::answer;

namespace {

std::string message(const std::string& id, const std::string& content = "hello") {
  return json{
      {"type", "message.created"},
      {"timestamp", "2026-01-05T08:00:04.000Z"},
      {"data",
       {{"conversation_id", "c"}, {"message_id", id}, {"agent_type", "claude"}, {"content", content}}}}
      .dump();
}

std::string completed() {
  return R"({"type":"conversation.completed","timestamp":"2026-01-05T08:00:09.000Z","data":{"conversation_id":"c","status":"completed"}})";
}

std::string started() {
  return R"({"type":"conversation.started","timestamp":"2026-01-05T08:00:03.000Z","data":{"conversation_id":"c"}})";
}

std::string failed(const std::string& why) {
  return json{{"type", "conversation.error"},
              {"timestamp", "2026-01-05T08:00:05.000Z"},
              {"data", {{"conversation_id", "c"}, {"error_message", why}}}}
      .dump();
}

std::string note() {
  return R"({"type":"log.entry","timestamp":"2026-01-05T08:00:04.000Z","data":{"conversation_id":"c","level":"system","content":"x"}})";
}

const delivery::Response k_stored = answer(201, R"({"message_id":"m"})");
const delivery::Response k_repeated = answer(200, R"({"success":true,"duplicate":true,"message_id":"m"})");
const delivery::Response k_broken = answer(500, R"({"error":"Failed to process event"})");
const delivery::Response k_ours =
    answer(200, R"({"service":"agentpipe-web","capabilities":["conversation.updated"]})");

/// A courier between a memory spool and a scripted server of ours; randomness is one half.
struct CourierFixture {
  test::ManualClock clock;
  test::ScriptedTransport server;
  delivery::MemorySpool spool{{}};
  std::vector<Line> lines;
  std::stop_source stop;
  std::optional<Courier> courier;

  CourierFixture() {
    server.get("/api/health", k_ours);
    courier.emplace(
        spool, server, clock, [] { return 0.5; },
        [this](const delivery::DeliveryState& state) { lines.push_back(state.line); });
  }
  void spool_messages(int count) {
    for (int i = 1; i <= count; ++i) CHECK(spool.append(message("m" + std::to_string(i))));
  }
  /// The ids of the messages as they arrived.
  [[nodiscard]] std::string arrived() const {
    std::string ids;
    for (const std::string& body : server.bodies()) {
      ids += json::parse(body)["data"]["message_id"].get<std::string>() + " ";
    }
    return ids;
  }
  /// The types of the events as they arrived.
  [[nodiscard]] std::string types() const {
    std::string types;
    for (const std::string& body : server.bodies()) {
      types += json::parse(body)["type"].get<std::string>() + " ";
    }
    return types;
  }
  void deliver() { courier->deliver(stop.get_token()); }
  [[nodiscard]] DeliveryCounts counts() const { return courier->state().counts; }
};

/// The same with a server of the plain dialect.
struct PlainFixture : CourierFixture {
  PlainFixture() { server.get("/api/health", answer(404, "<html>")); }
};

}  // namespace

TEST_CASE("events leave one by one, in order, each to the ingest endpoint") {
  CourierFixture f;
  f.spool_messages(3);
  f.deliver();
  CHECK(f.arrived() == "m1 m2 m3 ");
  const auto sent = f.server.requests();
  REQUIRE(sent.size() == 4);
  CHECK(sent[0].method + " " + sent[0].path == "GET /api/health");
  CHECK(sent[1].method + " " + sent[1].path == "POST /api/ingest");
  CHECK(sent[1].content_type == "application/json");
  CHECK(sent[1].body == message("m1"));
  CHECK(f.counts() == DeliveryCounts{.accepted = 3, .delivered = 3});
  CHECK(f.clock.slept.empty());
  CHECK(f.courier->state().line == Line::idle);
}

TEST_CASE("a lost answer is asked for again and the duplicate counts once") {
  CourierFixture f;
  f.server.then(test::network_fault(NetworkFault::broken, "connection reset")).then(k_repeated);
  f.spool_messages(2);
  f.deliver();
  CHECK(f.arrived() == "m1 m1 m2 ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 2});
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{250ms});
}

TEST_CASE("two server errors are retried with growing waits before anything behind may leave") {
  CourierFixture f;
  f.server.then(k_broken).then(k_broken).then(k_stored);
  f.spool_messages(2);
  f.deliver();
  CHECK(f.arrived() == "m1 m1 m1 m2 ");
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{250ms, 500ms});
  CHECK(f.lines == std::vector<Line>{Line::sending, Line::retrying, Line::sending, Line::idle});
  CHECK(f.courier->state().trouble.empty());
}

TEST_CASE("an event that the server refuses for good becomes a dead letter and the next ones go on") {
  CourierFixture f;
  f.server.then(k_stored)
      .then(answer(
          400, R"({"error":"Invalid event format","code":"invalid_event","message":"content is required"})"))
      .then(answer(413, "<html>"))
      .then(answer(409, R"({"error":"conflict"})"));
  f.spool_messages(5);
  f.deliver();
  CHECK(f.arrived() == "m1 m2 m3 m4 m5 ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 5, .delivered = 2, .rejected = 3});
  const auto letters = f.spool.letters();
  REQUIRE(letters.size() == 3);
  CHECK(letters[0].record.number == 2);
  CHECK(letters[0].record.event == message("m2"));
  CHECK(letters[0].code == "invalid_event");
  CHECK(letters[0].reason == "content is required");
  CHECK(letters[1].code == "http_413");
  CHECK(f.courier->state().last_letter->reason == "conflict");
  CHECK(f.clock.slept.empty());
}

TEST_CASE("a refused key pauses, is told once, is asked again each minute and loses nothing") {
  CourierFixture f;
  const auto refused = answer(401, R"({"error":"Unauthorized","details":"Invalid API key"})");
  f.server.then(refused).then(refused).then(refused);
  f.spool_messages(2);
  f.deliver();
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{60s, 60s, 60s});
  CHECK(f.lines == std::vector<Line>{Line::refused, Line::sending, Line::idle});
  CHECK(f.arrived() == "m1 m1 m1 m1 m2 ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 2});
}

TEST_CASE("a wrong address is a pause as well, and nothing is thrown away") {
  CourierFixture f;
  f.server.then(answer(404, "<html>")).then(answer(302, "")).then(answer(405, ""));
  f.spool_messages(1);
  f.deliver();
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{60s, 60s, 60s});
  CHECK(f.lines == std::vector<Line>{Line::misconfigured, Line::sending, Line::idle});
  CHECK(f.counts() == DeliveryCounts{.accepted = 1, .delivered = 1});
}

TEST_CASE("Retry-After is never undercut") {
  CourierFixture f;
  f.server.then(test::answer_with_retry_after(429, "7")).then(test::answer_with_retry_after(503, "99999"));
  f.spool_messages(1);
  f.deliver();
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{7350ms, 3'780'000ms});
}

TEST_CASE("the page of a captive portal is not taken for a delivery") {
  CourierFixture f;
  f.server.then(answer(200, "<html>Welcome to the hotel</html>")).then(answer(200, "{}")).then(k_stored);
  f.spool_messages(1);
  f.deliver();
  CHECK(f.arrived() == "m1 m1 m1 ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 1, .delivered = 1});
}

TEST_CASE("waits stay below half a minute however long the outage, which has a beginning") {
  CourierFixture f;
  std::optional<delivery::DeliveryState> seen;
  for (int i = 0; i < 11; ++i) f.server.then(test::network_fault(NetworkFault::connect));
  f.server.then([&](const test::SentRequest&) {
    seen = f.courier->state();
    return k_stored;
  });
  f.spool_messages(1);
  f.deliver();
  using L = std::vector<base::Milliseconds>;
  CHECK(f.clock.slept == L{250ms, 500ms, 1s, 2s, 4s, 8s, 15s, 15s, 15s, 15s, 15s});
  CHECK(f.lines == std::vector<Line>{Line::sending, Line::retrying, Line::down, Line::sending, Line::idle});
  REQUIRE(seen);
  CHECK(seen->line == Line::down);
  CHECK(seen->trouble == "cannot connect (Connection refused)");
  CHECK(seen->since == base::Ticks{});
  CHECK(seen->counts == DeliveryCounts{.accepted = 1, .waiting = 1});
}

TEST_CASE("a stop ends the wait at once and the event stays in the spool") {
  CourierFixture f;
  f.server.then([&](const test::SentRequest&) {
    f.stop.request_stop();
    return k_broken;
  });
  f.spool_messages(2);
  f.deliver();
  CHECK(f.arrived() == "m1 ");
  CHECK(f.clock.slept.empty());
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .waiting = 2});
  CHECK(f.spool.last_acknowledged() == 0);
}

TEST_CASE("the server is asked what it can do before the first event, again and again while it is away") {
  CourierFixture f;
  f.server.get("/api/health", test::network_fault(NetworkFault::connect));
  f.spool_messages(1);
  int sleeps = 0;
  f.lines.clear();
  Courier courier(f.spool, f.server, f.clock,
                  [&] {
                    if (++sleeps == 6) f.server.get("/api/health", k_ours);
                    return 0.5;
                  },
                  {});
  courier.deliver({});
  CHECK(f.arrived() == "m1 ");
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{250ms, 500ms, 1s});
}

TEST_CASE("a server of the plain dialect is not sent what it does not know, and that is counted") {
  PlainFixture f;
  CHECK(f.spool.append(note()));
  f.spool_messages(1);
  CHECK(f.spool.append(message("long", std::string(100'001, 'x'))));
  f.deliver();
  CHECK(f.server.bodies().size() == 2);
  CHECK(f.counts() == DeliveryCounts{.accepted = 3, .delivered = 2, .withheld = 1, .shortened = 1});
}

TEST_CASE("after a 500 the plain server is asked whether it has the message after all") {
  PlainFixture f;
  f.server.get("/api/conversations/c", answer(200, R"({"id":"c","messages":[{"id":"c:m1"}]})"));
  f.server.then(test::network_fault(NetworkFault::timeout)).then(k_broken);
  f.spool_messages(2);
  f.deliver();
  CHECK(f.arrived() == "c:m1 c:m1 c:m2 ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 2});
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{250ms});
}

TEST_CASE("what the plain server named once when it was asked is not sent to it again") {
  PlainFixture f;
  f.server.get("/api/conversations/c",
               answer(200, R"({"id":"c","messages":[{"id":"c:m1"},{"id":"c:m2"},{"id":"c:m3"}]})"));
  f.server.then(k_broken);
  f.spool_messages(4);
  f.deliver();
  CHECK(f.arrived() == "c:m1 c:m4 ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 4, .delivered = 4});
  CHECK(f.clock.slept.empty());
}

TEST_CASE("an error whose answer was lost is not sent again when the plain server tells that it has it") {
  PlainFixture f;
  f.server.get("/api/conversations/c", answer(200, R"({"id":"c","status":"ERROR","errorMessage":"b"})"));
  f.server.then(k_stored).then(k_stored).then(test::network_fault(NetworkFault::timeout));
  for (const auto& event : {started(), failed("a"), failed("b"), message("m1")}) CHECK(f.spool.append(event));
  f.deliver();
  CHECK(f.types() == "conversation.started conversation.error conversation.error message.created ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 4, .delivered = 4});
}

TEST_CASE("an error that the plain server has not got, or of which it cannot tell, is sent again") {
  struct Row {
    std::vector<std::string> before;
    const char* told;
  };
  for (const Row& row : {Row{{started()}, R"({"id":"c","status":"ACTIVE"})"},
                         Row{{started()}, R"({"id":"c","status":"ACTIVE","errorMessage":"b"})"},
                         Row{{started(), failed("a")}, R"({"id":"c","status":"ERROR","errorMessage":"a"})"},
                         Row{{started(), failed("b")}, R"({"id":"c","status":"ERROR","errorMessage":"b"})"},
                         Row{{message("m")}, R"({"id":"c","status":"ERROR","errorMessage":"b"})"}}) {
    PlainFixture f;
    f.server.get("/api/conversations/c", answer(200, row.told));
    for (const auto& event : row.before) {
      f.server.then(k_stored);
      CHECK(f.spool.append(event));
    }
    f.server.then(test::network_fault(NetworkFault::timeout));
    CHECK(f.spool.append(failed("b")));
    f.deliver();
    CHECK(f.server.bodies().size() == row.before.size() + 2);
    CHECK(f.counts().waiting == 0);
  }
}

TEST_CASE("a message that a healthy plain server answers with 500 five times is a dead letter") {
  PlainFixture f;
  f.server.get("/api/conversations/c", answer(200, R"({"id":"c","messages":[]})"));
  for (int i = 0; i < 5; ++i) f.server.then(k_broken);
  f.spool_messages(2);
  f.deliver();
  CHECK(f.arrived() == "c:m1 c:m1 c:m1 c:m1 c:m1 c:m2 ");
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 1, .rejected = 1});
  CHECK(f.spool.letters().front().reason == "Failed to process event");
}

TEST_CASE("an end of which a healthy plain server cannot tell whether it has it holds nothing up for ever") {
  PlainFixture f;
  f.server.get("/api/conversations/c", answer(200, R"({"id":"c","status":"COMPLETED","messages":[]})"));
  for (int i = 0; i < 5; ++i) f.server.then(k_broken);
  CHECK(f.spool.append(completed()));
  f.spool_messages(1);
  f.deliver();
  CHECK(f.server.bodies().size() == 6);
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 1, .rejected = 1});
}

TEST_CASE("a conversation of which the plain server never heard is given a beginning, then its message") {
  PlainFixture f;
  f.server.get("/api/conversations/c", answer(404, R"({"error":"Conversation not found"})"));
  for (int i = 0; i < 5; ++i) f.server.then(k_broken);
  f.server.then(answer(201, R"({"conversation_id":"c"})"));
  f.spool_messages(2);
  f.deliver();
  CHECK(f.types() ==
        "message.created message.created message.created message.created message.created "
        "conversation.started message.created message.created ");
  const json beginning = json::parse(f.server.bodies().at(5));
  CHECK(beginning["timestamp"] == "2026-01-05T08:00:04.000Z");
  const json& data = beginning["data"];
  CHECK(data["conversation_id"] == "c");
  CHECK(data["mode"] == "unknown");
  CHECK(data["initial_prompt"] == "");
  CHECK(data["participants"] == json::array());
  CHECK(data["system_info"]["os"] == "unknown");
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 2});
}

TEST_CASE("a beginning is made up once only; when that does not help the message is a dead letter") {
  PlainFixture f;
  f.server.get("/api/conversations/c", answer(404, R"({"error":"Conversation not found"})"));
  f.server.otherwise(k_broken);
  f.spool_messages(1);
  f.deliver();
  CHECK(f.server.bodies().size() == 5 + 1 + 5);
  CHECK(f.counts() == DeliveryCounts{.accepted = 1, .rejected = 1});
}

TEST_CASE("a plain server that cannot answer questions either is retried without end") {
  PlainFixture f;
  f.server.get("/api/conversations/c", k_broken);
  for (int i = 0; i < 20; ++i) f.server.then(k_broken);
  f.spool_messages(1);
  f.deliver();
  CHECK(f.server.bodies().size() == 21);
  CHECK(f.counts() == DeliveryCounts{.accepted = 1, .delivered = 1});
}

TEST_CASE("who waits for the end is told when there is no further try before it") {
  CourierFixture f;
  std::optional<bool> waited;
  f.server.then(test::answer_with_retry_after(503, "60"));
  f.spool_messages(1);
  // Asked from within the wait: the clock stands still there.
  struct AskingClock final : base::Clock {
    test::ManualClock& inner;
    std::function<void()> during;
    explicit AskingClock(test::ManualClock& clock) : inner(clock) {}
    [[nodiscard]] base::Timestamp now() const override { return inner.now(); }
    [[nodiscard]] base::Ticks ticks() const override { return inner.ticks(); }
    bool sleep(base::Milliseconds length, const std::stop_token& stop) override {
      if (during) std::exchange(during, {})();
      return inner.sleep(length, stop);
    }
  } clock(f.clock);
  Courier courier(f.spool, f.server, clock, [] { return 0.0; }, {});
  clock.during = [&] {
    courier.hurry();
    waited = courier.await(1, base::Deadline::after(clock, 5s));
  };
  courier.deliver({});
  CHECK(waited == false);
  // The alarm of hurry() did not undercut the server's wish.
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{60s});
  CHECK(courier.await(1, base::Deadline::after(clock, 0ms)));
}
