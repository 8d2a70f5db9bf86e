#include "agentpipe/service/batch.hpp"

#include "service_bench.hpp"

using namespace agentpipe;
using test::json;

namespace {

std::string message(int number, const std::string& content = "hello") {
  return json{{"type", "message.created"},
              {"timestamp", "2026-01-05T08:00:04Z"},
              {"data",
               {{"conversation_id", "c"},
                {"message_id", "m-" + std::to_string(number)},
                {"agent_type", "claude"},
                {"content", content}}}}
      .dump();
}

std::string turn() {
  return R"({"type":"turn.started","timestamp":"2026-01-05T08:00:04Z","data":{"conversation_id":"c"}})";
}

std::string why(const service::BatchHead& head, std::string_view body = "") {
  const auto batch = service::read_batch(head, body, {});
  return batch ? std::to_string(batch->first) + "+" + std::to_string(batch->events.size())
               : batch.error().field + " " + std::string(base::to_string(batch.error().code));
}

}  // namespace

TEST_CASE("each line of a batch is an event or its error; the last one may lack its line end") {
  const auto lines = message(1) + "\n\nno JSON\r\n" + message(4);
  const auto batch = service::read_batch({"s", "7", ""}, lines, {});
  REQUIRE(batch);
  CHECK(batch->source_id == "s");
  CHECK(batch->first == 7);
  CHECK(batch->missing == 0);
  std::string found;
  for (const auto& event : batch->events) found += event ? "event " : event.error().reason + " ";
  CHECK(found == "event invalid_json invalid_json event ");
}

TEST_CASE("the headers of a batch are checked one by one") {
  CHECK(why({"s", "1", ""}) == "1+0");
  CHECK(why({"s", "1", "3"}) == "1+0");
  CHECK(why({"", "1", ""}) == "X-AgentPipe-Source invalid");
  CHECK(why({"a b", "1", ""}) == "X-AgentPipe-Source invalid");
  CHECK(why({std::string(129, 'x'), "1", ""}) == "X-AgentPipe-Source invalid");
  CHECK(why({"s", "", ""}) == "X-AgentPipe-First invalid");
  CHECK(why({"s", "0", ""}) == "X-AgentPipe-First invalid");
  CHECK(why({"s", "-1", ""}) == "X-AgentPipe-First invalid");
  CHECK(why({"s", "9007199254740991", ""}) == "9007199254740991+0");
  CHECK(why({"s", "9007199254740992", ""}) == "X-AgentPipe-First invalid");
  CHECK(why({"s", "18446744073709551616", ""}) == "X-AgentPipe-First invalid");
  CHECK(why({"s", "1", "x"}) == "X-AgentPipe-Missing invalid");
}

TEST_CASE("a batch holds at most 1,024 events") {
  CHECK(why({"s", "1", ""}, std::string(1024, '\n')) == "1+1024");
  CHECK(why({"s", "1", ""}, std::string(1025, '\n')) == " too_large");
}

TEST_CASE("a batch is answered with what it came to") {
  test::ServiceBench bench;
  CHECK(bench.batch({"s", "1", ""}, message(1) + "\n{}\n" + message(3) + "\n") ==
        json{{"acked_n", 3},
             {"duplicates", 0},
             {"rejected", {{{"n", 2}, {"code", "required"}, {"reason", "type is required"}}}}});
  CHECK(bench.batch({"s", "3", ""}, message(3)) ==
        json{{"acked_n", 3}, {"duplicates", 1}, {"rejected", json::array()}});
  CHECK(bench.batch({"s", "6", ""}, message(6)) == "gap, 4 is expected");
  CHECK(bench.batch({"s", "6", "2"}, message(6))["acked_n"] == 6);
}

TEST_CASE("what is only shown live is shown once, however often its batch comes") {
  test::ServiceBench bench;
  bench.batch({"s", "1", ""}, message(1) + "\n" + turn());
  bench.batch({"s", "1", ""}, message(1) + "\n" + turn() + "\n" + turn());
  CHECK(bench.broadcast == std::vector<std::string>{"turn.started", "turn.started"});
}

TEST_CASE("an Idempotency-Key stands for one body of one caller") {
  test::ServiceBench bench;
  const auto send = [&](const std::string& caller, const std::string& name, int number) {
    const auto answer = bench.event(json::parse(message(number)), {caller, name});
    return answer.error.message.empty() ? std::string("stored") : answer.error.reason;
  };
  CHECK(send("a", "name", 1) == "stored");
  CHECK(send("a", "name", 1) == "stored");
  CHECK(send("a", "name", 2) == "idempotency_conflict");
  CHECK(send("b", "name", 2) == "stored");
  CHECK(send("a", std::string(255, 'x'), 3) == "stored");
  CHECK(send("a", std::string(256, 'x'), 3) == "bad_header");
}
