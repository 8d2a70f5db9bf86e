#include <doctest/doctest.h>
#include <zstd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agentpipe/base/text.hpp"
#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/delivery/memory_spool.hpp"
#include "manual_clock.hpp"
#include "scripted_transport.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::Courier;
using delivery::DeliveryCounts;
using delivery::Line;
using nlohmann::json;
using test::answer;
using test::SentRequest;

namespace {

std::string numbered_message(int number, std::size_t size = 5) {
  return json{{"type", "message.created"},
              {"timestamp", "2026-01-05T08:00:04.000Z"},
              {"data",
               {{"conversation_id", "c"},
                {"message_id", "m" + std::to_string(number)},
                {"agent_type", "claude"},
                {"content", std::string(size, 'x')}}}}
      .dump();
}

std::string header(const SentRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

/// "1-3", "5 (1 missing)": which records a batch holds.
std::string span_of(const SentRequest& request) {
  const auto first = base::parse_number(header(request, "X-AgentPipe-First")).value();
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(request.body, '\n'));
  std::string text = std::to_string(first);
  if (lines > 0) text += "-" + std::to_string(first + lines);
  const std::string missing = header(request, "X-AgentPipe-Missing");
  return missing.empty() ? text : text + " (" + missing + " missing)";
}

/// Keeps the rules of the batch endpoint and stores nothing but the number it has come to.
struct BatchServer {
  std::uint64_t last_n = 0;

  delivery::Response operator()(const SentRequest& request) {
    const auto first = base::parse_number(header(request, "X-AgentPipe-First")).value();
    const auto missing = base::parse_number(header(request, "X-AgentPipe-Missing")).value_or(0);
    if (first > last_n + 1 + missing)
      return answer(409, json{{"error", "gap"}, {"code", "gap"}, {"expected_n", last_n + 1}}.dump());
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(request.body, '\n'));
    last_n = std::max(last_n, first + lines);
    return answer(200, json{{"acked_n", last_n}, {"duplicates", 0}, {"rejected", json::array()}}.dump());
  }
};

const delivery::Response k_takes_batches =
    answer(200, R"({"service":"agentpipe-web","capabilities":["conversation.updated","batch"]})");
const delivery::Response k_down = answer(503, R"({"error":"storage is down"})");

struct BatchFixture {
  test::ManualClock clock;
  test::ScriptedTransport server;
  BatchServer rules;
  delivery::MemorySpool spool{{}};
  std::vector<Line> lines;
  std::optional<Courier> courier;

  BatchFixture() {
    server.get("/api/health", k_takes_batches);
    server.otherwise(by_rules());
    courier.emplace(
        spool, server, clock, [] { return 0.5; },
        [this](const delivery::DeliveryState& state) { lines.push_back(state.line); });
  }
  test::ScriptedTransport::Step by_rules() {
    return [this](const SentRequest& request) { return rules(request); };
  }
  void spool_messages(int from, int until, std::size_t size = 5) {
    for (int i = from; i <= until; ++i) CHECK(spool.append(numbered_message(i, size)));
  }
  void deliver() { courier->deliver({}); }
  [[nodiscard]] std::string sent() const {
    std::string text;
    for (const SentRequest& request : server.requests()) {
      if (request.method != "GET") text += (text.empty() ? "" : ", ") + span_of(request);
    }
    return text;
  }
  [[nodiscard]] DeliveryCounts counts() const { return courier->state().counts; }
};

}  // namespace

TEST_CASE("what waits leaves together, numbered, under the name of its spool") {
  BatchFixture f;
  f.spool_messages(1, 3);
  f.deliver();
  const SentRequest batch = f.server.requests().at(1);
  CHECK(batch.method + " " + batch.path == "POST /api/ingest/batch");
  CHECK(batch.content_type == "application/x-ndjson");
  CHECK(batch.body == numbered_message(1) + "\n" + numbered_message(2) + "\n" + numbered_message(3));
  CHECK(batch.headers ==
        decltype(batch.headers){{"X-AgentPipe-Source", f.spool.source_id()}, {"X-AgentPipe-First", "1"}});
  CHECK(f.spool.source_id().size() == 32);
  CHECK(f.counts() == DeliveryCounts{.accepted = 3, .delivered = 3});
  CHECK(f.spool.last_acknowledged() == 3);
  CHECK(f.clock.slept.empty());
}

TEST_CASE("a batch holds at most 1,024 events and the bytes of a line that is new, but always one") {
  BatchFixture f;
  f.spool_messages(1, 1100);
  f.spool_messages(1101, 1102, 100'000);
  f.spool_messages(1103, 1104, 1'100'000);
  f.deliver();
  CHECK(f.sent() == "1-1024, 1025-1102, 1103, 1104");
}

TEST_CASE("large bodies are packed for a server that takes it") {
  BatchFixture f;
  f.server.get(
      "/api/health",
      answer(200,
             R"({"service":"agentpipe-web","capabilities":["conversation.updated","batch","gzip","zstd"]})"));
  f.server.otherwise(answer(200, R"({"acked_n":2})"));
  f.spool_messages(1, 2, 10'000);
  f.deliver();
  const SentRequest batch = f.server.requests().at(1);
  CHECK(header(batch, "Content-Encoding") == "zstd");
  std::string plain(30'000, '\0');
  plain.resize(ZSTD_decompress(plain.data(), plain.size(), batch.body.data(), batch.body.size()));
  CHECK(plain == numbered_message(1, 10'000) + "\n" + numbered_message(2, 10'000));
}

namespace {

/// How one message goes to a server that unpacks zstd.
SentRequest sent_alone(std::size_t size) {
  BatchFixture f;
  f.server.get("/api/health", answer(200, R"({"service":"agentpipe-web","capabilities":["batch","zstd"]})"));
  f.server.otherwise(answer(200, R"({"acked_n":1})"));
  f.spool_messages(1, 1, size);
  f.deliver();
  return f.server.requests().at(1);
}

}  // namespace

TEST_CASE("small bodies go as they are: they travel in three packets anyway") {
  const SentRequest batch = sent_alone(3'800);
  CHECK(header(batch, "Content-Encoding").empty());
  CHECK(batch.body == numbered_message(1, 3'800));
}

TEST_CASE("what would unpack like a bomb goes as it is") {
  const SentRequest batch = sent_alone(2'000'000);
  CHECK(header(batch, "Content-Encoding").empty());
  CHECK(batch.body == numbered_message(1, 2'000'000));
}

TEST_CASE("nothing but acked_n acknowledges") {
  BatchFixture f;
  f.server.then(answer(200, "<html>Welcome</html>"))
      .then(answer(200, R"({"success":true})"))
      .then(answer(200, R"({"acked_n":"2"})"))
      .then(answer(200, R"({"acked_n":0})"));
  f.spool_messages(1, 2);
  f.deliver();
  CHECK(f.sent() == "1-2, 1-2, 1-2, 1-2, 1-2");
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 2});
}

TEST_CASE("an answer that acknowledges a part is believed, the rest comes next") {
  BatchFixture f;
  f.server.then(answer(200, R"({"acked_n":2})"));
  f.rules.last_n = 2;
  f.spool_messages(1, 4);
  f.deliver();
  CHECK(f.sent() == "1-4, 3-4");
  CHECK(f.counts() == DeliveryCounts{.accepted = 4, .delivered = 4});
}

TEST_CASE("an answer beyond what was sent acknowledges no more than that") {
  BatchFixture f;
  f.server.then(answer(200, R"({"acked_n":99})"));
  f.rules.last_n = 99;
  f.spool_messages(1, 2);
  f.deliver();
  f.spool_messages(3, 3);
  f.deliver();
  CHECK(f.sent() == "1-2, 3");
  CHECK(f.counts() == DeliveryCounts{.accepted = 3, .delivered = 3});
}

TEST_CASE("records that the server rejects become dead letters, told twice or out of range or not") {
  BatchFixture f;
  f.server.then(answer(200,
                       R"({"acked_n":4,"rejected":[{"n":2,"code":"gone","reason":"deleted"},{"n":9},{"n":0},)"
                       R"({"n":2},{"n":4,"code":"message_conflict","reason":"other words"},{}]})"));
  f.rules.last_n = 4;
  f.spool_messages(1, 5);
  f.deliver();
  CHECK(f.counts() == DeliveryCounts{.accepted = 5, .delivered = 3, .rejected = 2});
  const auto letters = f.spool.letters();
  REQUIRE(letters.size() == 2);
  CHECK(letters[0].record.event == numbered_message(2));
  CHECK(letters[0].code + ": " + letters[0].reason == "gone: deleted");
  CHECK(letters[1].record.number == 4);
  CHECK(f.courier->state().last_letter->reason == "other words");
}

TEST_CASE("a refused batch is halved until the bad event is alone; it dies and the rest goes on") {
  for (const int status : {400, 410, 413, 422}) {
    CAPTURE(status);
    BatchFixture f;
    f.server.otherwise([&](const SentRequest& request) {
      const bool bad = request.body.find("\"m3\"") != std::string::npos;
      return bad ? answer(status, R"({"error":"no","code":"bad","message":"not this"})") : f.rules(request);
    });
    f.spool_messages(1, 8);
    f.deliver();
    CHECK(f.sent() == "1-8, 1-4, 1-2, 3, 4-8 (1 missing)");
    CHECK(f.counts() == DeliveryCounts{.accepted = 8, .delivered = 7, .rejected = 1});
    CHECK(f.spool.letters().at(0).code == "bad");
    CHECK(f.clock.slept.empty());
  }
}

TEST_CASE("a gap is answered at once by telling what will never come") {
  BatchFixture f;
  f.spool_messages(1, 2);
  f.deliver();
  f.rules.last_n = 0;  // its database was restored from an old copy
  f.spool_messages(3, 4);
  f.deliver();
  CHECK(f.sent() == "1-2, 3-4, 3-4 (2 missing)");
  CHECK(f.clock.slept.empty());
  CHECK(f.counts() == DeliveryCounts{.accepted = 4, .delivered = 4});
}

TEST_CASE("a server that finds gap after gap is waited for from the fourth on") {
  BatchFixture f;
  const auto gap = answer(409, R"({"error":"gap","expected_n":1})");
  for (int i = 0; i < 5; ++i) f.server.then(gap);
  f.spool_messages(1, 2);
  f.deliver();
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{250ms, 500ms});
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 2});
}

TEST_CASE("while the server is down one event asks whether it is back") {
  BatchFixture f;
  for (int i = 0; i < 7; ++i) f.server.then(k_down);
  f.spool_messages(1, 9);
  f.deliver();
  CHECK(f.sent() == "1-9, 1-9, 1-9, 1-9, 1-9, 1, 1, 1, 2-9");
  CHECK(f.lines == std::vector<Line>{Line::sending, Line::retrying, Line::down, Line::sending, Line::idle});
  CHECK(f.counts() == DeliveryCounts{.accepted = 9, .delivered = 9});
}

TEST_CASE("a refused key pauses batches and nothing is thrown away") {
  BatchFixture f;
  f.server.then(answer(401, "{}")).then(answer(403, "{}"));
  f.spool_messages(1, 2);
  f.deliver();
  CHECK(f.clock.slept == std::vector<base::Milliseconds>{60s, 60s});
  CHECK(f.counts() == DeliveryCounts{.accepted = 2, .delivered = 2});
}

TEST_CASE("a server that fails every other time is not asked twice for everything") {
  BatchFixture f;
  for (int i = 0; i < 20; ++i) f.server.then(k_down).then(f.by_rules());
  for (int i = 1; i <= 20; ++i) {
    f.spool_messages(i, i);
    f.deliver();
  }
  // Ten retries are free, two more were earned by successes; the next one waits for the next minute.
  const auto longest = std::ranges::max(f.clock.slept);
  CHECK(longest == 57s);
  CHECK(std::ranges::find(f.clock.slept, longest) - f.clock.slept.begin() == 12);
}
