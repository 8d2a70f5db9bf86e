#include "agentpipe/delivery/retry_policy.hpp"

#include <doctest/doctest.h>

#include "scripted_transport.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::NetworkFault;
using delivery::Verdict;
using test::answer;

TEST_CASE("the decision table, row by row") {
  constexpr const char* stored = R"({"message_id":"m-1"})";
  constexpr const char* refused = R"({"error":"Invalid event format"})";
  constexpr const char* page = "<html>Please log in</html>";
  struct Row {
    int status;
    const char* body;
    Verdict verdict;
  };
  const Row rows[] = {
      {200, R"({"success":true})", Verdict::delivered},
      {200, R"({"success":true,"message":"m","received_at":"2026-01-05T08:00:04Z"})", Verdict::delivered},
      {201, stored, Verdict::delivered},
      {201, R"({"conversation_id":"c-1"})", Verdict::delivered},
      {201, R"({"conversationId":"c-1","status":"created"})", Verdict::delivered},
      {202, R"({"messageId":"m-1"})", Verdict::delivered},
      {200, page, Verdict::retry},
      {200, "", Verdict::retry},
      {204, "", Verdict::retry},
      {200, "{}", Verdict::retry},
      {200, "[]", Verdict::retry},
      {200, R"({"success":false,"message_id":"m-1"})", Verdict::retry},
      {200, R"({"success":true)", Verdict::retry},
      {301, page, Verdict::misconfigured},
      {302, stored, Verdict::misconfigured},
      {307, "", Verdict::misconfigured},
      {400, refused, Verdict::reject},
      {400, page, Verdict::retry},
      {401, refused, Verdict::pause},
      {401, page, Verdict::pause},
      {402, refused, Verdict::misconfigured},
      {403, refused, Verdict::pause},
      {404, refused, Verdict::misconfigured},
      {405, "", Verdict::misconfigured},
      {407, "", Verdict::misconfigured},
      {408, "", Verdict::retry},
      {409, R"({"error":"conflict","code":"conflict"})", Verdict::reject},
      {409, R"({"error":"gap","expected_n":17})", Verdict::rewind},
      {409, page, Verdict::retry},
      {410, refused, Verdict::reject},
      {413, page, Verdict::split},
      {421, refused, Verdict::misconfigured},
      {422, refused, Verdict::reject},
      {425, "", Verdict::retry},
      {429, refused, Verdict::retry},
      {431, "", Verdict::misconfigured},
      {500, R"({"error":"Failed to process event"})", Verdict::retry},
      {501, "", Verdict::misconfigured},
      {502, page, Verdict::retry},
      {503, "", Verdict::retry},
      {504, "", Verdict::retry},
      {505, "", Verdict::misconfigured},
      {511, page, Verdict::retry},
      {520, page, Verdict::retry},
      {529, "", Verdict::retry},
      {100, "", Verdict::retry},
      {999, "", Verdict::retry},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(row.body);
    CHECK(delivery::to_string(delivery::classify(answer(row.status, row.body))) ==
          delivery::to_string(row.verdict));
  }
}

TEST_CASE("the decision table for batches, where it differs") {
  using delivery::Carried;
  constexpr const char* acked = R"({"acked_n":7,"duplicates":0,"rejected":[]})";
  constexpr const char* refused = R"({"error":"no"})";
  constexpr const char* page = "<html>Please log in</html>";
  struct Row {
    int status;
    const char* body;
    Verdict record;
    Verdict several;
  };
  const Row rows[] = {
      {200, acked, Verdict::delivered, Verdict::delivered},
      {200, R"({"success":true,"message_id":"m"})", Verdict::retry, Verdict::retry},
      {200, R"({"acked_n":-1})", Verdict::retry, Verdict::retry},
      {200, R"({"acked_n":1.5})", Verdict::retry, Verdict::retry},
      {200, page, Verdict::retry, Verdict::retry},
      {400, refused, Verdict::reject, Verdict::split},
      {400, page, Verdict::retry, Verdict::retry},
      {401, refused, Verdict::pause, Verdict::pause},
      {404, page, Verdict::misconfigured, Verdict::misconfigured},
      {409, R"({"error":"gap","expected_n":17})", Verdict::rewind, Verdict::rewind},
      {409, refused, Verdict::reject, Verdict::split},
      {410, refused, Verdict::reject, Verdict::split},
      {413, page, Verdict::split, Verdict::split},
      {415, refused, Verdict::misconfigured, Verdict::misconfigured},
      {422, refused, Verdict::reject, Verdict::split},
      {429, refused, Verdict::retry, Verdict::retry},
      {503, refused, Verdict::retry, Verdict::retry},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(row.body);
    const auto response = answer(row.status, row.body);
    CHECK(delivery::to_string(delivery::classify(response, Carried::record)) ==
          delivery::to_string(row.record));
    CHECK(delivery::to_string(delivery::classify(response, Carried::several)) ==
          delivery::to_string(row.several));
  }
}

TEST_CASE("ten retries a minute are free, more cost five successes each") {
  delivery::RetryBudget budget;
  const base::Ticks start{};
  for (int i = 0; i < 10; ++i) CHECK(budget.spend(start + 1s) == 0ms);
  for (int i = 0; i < 5; ++i) budget.succeeded(start + 2s);
  CHECK(budget.spend(start + 20s) == 0ms);
  CHECK(budget.spend(start + 20s) == 40s);
  // The one that was put off counts in its own minute.
  for (int i = 0; i < 9; ++i) CHECK(budget.spend(start + 60s) == 0ms);
  CHECK(budget.spend(start + 61s) == 59s);
  CHECK(budget.spend(start + 200s) == 0ms);
}

TEST_CASE("every network fault is retried and has its own words") {
  using delivery::explain;
  using test::network_fault;
  for (const auto fault : {NetworkFault::name_lookup, NetworkFault::connect, NetworkFault::tls,
                           NetworkFault::timeout, NetworkFault::broken}) {
    CHECK(delivery::classify(network_fault(fault)) == Verdict::retry);
  }
  CHECK(explain(network_fault(NetworkFault::name_lookup, "")) == "cannot find the server's name");
  CHECK(explain(network_fault(NetworkFault::connect)) == "cannot connect (Connection refused)");
  CHECK(explain(network_fault(NetworkFault::tls, "bad\x1b[31m cert")).find('\x1b') == std::string::npos);
  CHECK(explain(answer(503, R"({"error":"storage is down"})")) ==
        "the server answered 503 (storage is down)");
  CHECK(explain(answer(502, "<html>")) == "the server answered 502");
  CHECK(explain(answer(200, "<html>")) == "the server answered 200, but not as an AgentPipe server does");
}

TEST_CASE("a refusal carries the server's stable word and sentence, or the status") {
  const auto full = delivery::refusal(
      answer(400, R"({"error":"Invalid","code":"invalid_event","message":"data.content is required"})"));
  CHECK(full.code == "invalid_event");
  CHECK(full.reason == "data.content is required");
  const auto old =
      delivery::refusal(answer(400, R"({"error":"Invalid event format","details":[{"path":["x"]}]})"));
  CHECK(old.code == "http_400");
  CHECK(old.reason == "Invalid event format");
  const auto bare = delivery::refusal(answer(413, "<html>"));
  CHECK(bare.code == "http_413");
  CHECK(bare.reason == "HTTP 413");
}

TEST_CASE("backoff is full jitter below a doubling bound of at most 30 s") {
  CHECK(delivery::backoff(0, 0.0) == 0ms);
  CHECK(delivery::backoff(0, 0.5) == 250ms);
  CHECK(delivery::backoff(1, 0.5) == 500ms);
  CHECK(delivery::backoff(3, 0.5) == 2s);
  CHECK(delivery::backoff(6, 0.5) == 15s);
  CHECK(delivery::backoff(4'000'000'000U, 0.5) == 15s);
  CHECK(delivery::backoff(9, 0.5, 1s) == 500ms);
}

TEST_CASE("Retry-After is digits or a date by the server's clock; nonsense is ignored") {
  const base::Timestamp now = *base::parse_rfc3339("2026-01-05T08:00:00Z");
  const auto wish = [now](std::string value, std::optional<std::string> date = std::nullopt) {
    delivery::Response response = test::answer_with_retry_after(503, std::move(value));
    response.date = std::move(date);
    return delivery::retry_after(response, now);
  };
  CHECK(wish("0") == 0ms);
  CHECK(wish(" 7 ") == 7s);
  CHECK(wish("3600") == 1h);
  CHECK(wish("86400") == 1h);
  CHECK(wish("18446744073709551615") == 1h);
  CHECK(wish("18446744073709551616") == std::nullopt);
  CHECK(wish("-1") == std::nullopt);
  CHECK(wish("1.5") == std::nullopt);
  CHECK(wish("soon") == std::nullopt);
  CHECK(wish("") == std::nullopt);
  CHECK(wish("Mon, 05 Jan 2026 08:00:30 GMT") == 30s);
  CHECK(wish("Mon, 05 Jan 2026 07:59:30 GMT") == std::nullopt);
  CHECK(wish("Mon, 05 Jan 2099 08:00:30 GMT") == 1h);
  // The server's clock is a day behind ours, or a year ahead: only the difference counts.
  CHECK(wish("Sun, 04 Jan 2026 08:00:10 GMT", "Sun, 04 Jan 2026 08:00:00 GMT") == 10s);
  CHECK(wish("Tue, 05 Jan 2027 08:00:10 GMT", "Tue, 05 Jan 2027 08:00:00 GMT") == 10s);
  CHECK(wish("Mon, 05 Jan 2026 08:00:30 GMT", "garbage") == 30s);
  CHECK(delivery::retry_after(answer(503), now) == std::nullopt);
}

TEST_CASE("a wish is never undercut and spread by at most a tenth") {
  CHECK(delivery::spread(10s, 0.0) == 10s);
  CHECK(delivery::spread(10s, 0.999) == 10'999ms);
  CHECK(delivery::spread(0ms, 0.999) == 0ms);
}

TEST_CASE("the breaker opens at the fifth failure in a row and remembers when") {
  delivery::Breaker breaker;
  const base::Ticks start{};
  for (int i = 0; i < 4; ++i) breaker.failed(start + std::chrono::seconds(i));
  CHECK_FALSE(breaker.open());
  breaker.failed(start + 4s);
  breaker.failed(start + 5s);
  CHECK(breaker.open_since() == start + 4s);
  CHECK(breaker.failures() == 6);
  breaker.succeeded();
  CHECK_FALSE(breaker.open());
  CHECK(breaker.failures() == 0);
}

TEST_CASE("random numbers stay below one") {
  const delivery::Random random = delivery::system_random();
  for (int i = 0; i < 1000; ++i) {
    const double number = random();
    CHECK((number >= 0.0 && number < 1.0));
  }
}
