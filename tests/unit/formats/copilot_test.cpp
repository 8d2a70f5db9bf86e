#include <doctest/doctest.h>

#include "agent_reading.hpp"

using namespace agentpipe;
using test::lines_of;
using test::read;
using test::read_file;
using test::sum;

namespace {

std::string record(std::string_view type, std::string_view data, std::string_view more = {}) {
  return R"({"type":")" + std::string(type) + R"(","timestamp":"2026-04-01T10:00:00.000Z","data":)" +
         std::string(data) + std::string(more) + "}\n";
}

std::string shutdown(std::string_view input, std::string_view output, std::string_view requests = "1") {
  return record("session.shutdown",
                R"({"shutdownType":"routine","modelMetrics":{"gpt-5":{"requests":{"count":)" +
                    std::string(requests) + R"(},"usage":{"inputTokens":)" + std::string(input) +
                    R"(,"outputTokens":)" + std::string(output) + "}}}}");
}

const std::string k_start = record("session.start", R"({"sessionId":"p-9","selectedModel":"gpt-5"})");

std::string answer(std::string_view text, std::string_view output) {
  return record("assistant.message",
                R"({"content":")" + std::string(text) + R"(","outputTokens":)" + std::string(output) + "}");
}

}  // namespace

TEST_CASE("a log of Copilot CLI becomes one conversation: what was said, tools joined, subagents by name") {
  const auto reading = read_file("copilot/events.jsonl");
  CHECK(reading.format == "copilot");
  CHECK(reading.sink.problems.empty());
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "copilot:p-1");
  CHECK(started.cwd == "/home/ann/shop");
  CHECK(started.git_branch == "main");
  CHECK(started.participants.at(1).cli_version == "1.0.80");
  CHECK(lines_of(reading) ==
        std::vector<std::string>{
            "e-4 user user: Fix the cart", "e-8 assistant copilot: I look.", "result-t-1 tool copilot: ```",
            "call-t-2 assistant copilot: **bash** `{\"command\":\"ls\"}`",
            "result-t-2 tool copilot: **Failed**", "e-15 assistant copilot: Half done.",
            "e-18 assistant t-3: Found it.", "e-19 system copilot: too deep", "e-21 assistant copilot: Done.",
            "e-23:claude-sonnet-4-5 system copilot: Tokens of 2 requests to claude-sonnet-4-5",
            "e-23:gpt-5 system copilot: Tokens of 2 requests to gpt-5", "e-25 user user: again",
            "e-26 system copilot: The turn was interrupted.",
            "e-31:gpt-5 system copilot: Tokens of 1 request to gpt-5"});
  CHECK(reading.sink.all<model::ConversationUpdated>().at(0).git_branch == "cart");
  CHECK(reading.sink.all<model::ConversationError>().at(0).error_message == "quota exceeded");
  CHECK(reading.sink.all<model::ConversationError>().at(1).error_message == "crashed");
  const auto completed = reading.sink.all<model::ConversationCompleted>();
  REQUIRE(completed.size() == 1);
  CHECK(completed.at(0).status == model::Status::error);
}

TEST_CASE(
    "records of Copilot CLI that nobody knows are counted and kept, injected and repeated ones left out") {
  const auto reading = read_file("copilot/events.jsonl");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{29});
  CHECK(reading.sink.skipped_lines(formats::Skip::replayed) == std::vector<std::uint64_t>{22});
  const auto notes = reading.sink.all<model::LogEntry>();
  REQUIRE(notes.size() == 3);
  CHECK(notes.at(0).content == "Folder is trusted");
  CHECK(notes.at(1).content == "A record of type session.future_thing");
  CHECK(notes.at(2).content == "Slow down");
}

TEST_CASE("a thought of Copilot CLI is told once, with its answer") {
  const auto messages = test::by_id(read_file("copilot/events.jsonl"));
  CHECK(messages.at("e-8").parts.text ==
        R"([{"type":"thinking","text":"Where is it?"},{"type":"text","text":"I look."},)"
        R"({"type":"tool_call","call_id":"t-1","name":"view","input":{"path":"cart.ts"}}])");
  CHECK(messages.at("e-15").parts.text ==
        R"([{"type":"thinking","text":"Nearly."},{"type":"text","text":"Half done."}])");
  CHECK(messages.at("e-18").agent_name == "Explorer");
  const auto late =
      read(k_start + record("assistant.message", R"({"content":"a","reasoningText":"why"})") +
           record("assistant.reasoning", R"({"content":"why"})") +
           record("assistant.reasoning", R"({"content":"alone"})") + record("assistant.turn_end", "{}"));
  CHECK(late.sink.skipped_lines(formats::Skip::replayed) == std::vector<std::uint64_t>{3});
  CHECK(late.sink.all<model::MessageCreated>().at(1).parts.text == R"([{"type":"thinking","text":"alone"}])");
}

TEST_CASE("a tool of Copilot CLI took as long as between its two records, and its full output is kept") {
  const auto messages = test::by_id(read_file("copilot/events.jsonl"));
  const auto& result = messages.at("result-t-1");
  CHECK(result.duration_ms == 2000);
  CHECK(result.parts.text ==
        R"([{"type":"tool_result","call_id":"t-1","is_error":false,"output":"const cart = []"}])");
  CHECK(messages.at("result-t-2").parts.text ==
        R"([{"type":"tool_result","call_id":"t-2","is_error":true,"output":"denied"}])");
  CHECK(test::tools(read_file("copilot/events.jsonl")) == std::pair<std::size_t, std::size_t>{2, 2});
}

TEST_CASE("Copilot's accounts: cached input is inside, output of answers counts once, runs add up") {
  const auto reading = read_file("copilot/events.jsonl");
  // Sonnet 1000 in (600 read, 200 written), 50 out; GPT-5 900 in (100 read), 65 out.
  CHECK(sum(reading) == formats::Usage{.input = 200 + 800,
                                       .cache_read = 600 + 100,
                                       .cache_write = 200,
                                       .output = 50 + 65,
                                       .reasoning = 10});
  const auto messages = test::by_id(reading);
  CHECK(messages.at("e-8").model == "claude-sonnet-4-5");
  CHECK(messages.at("e-8").output_tokens == 40);
  CHECK(messages.at("e-18").model == "gpt-5");
  CHECK(messages.at("e-21").model == "gpt-5");
  const auto& first = messages.at("e-23:claude-sonnet-4-5");
  CHECK(first.tokens_used == 1000);
  CHECK(first.cost == doctest::Approx((200 * 3 + 600 * 0.3 + 200 * 3.75) / 1e6));
  CHECK(first.cost_kind == "estimated");
  const auto& second = messages.at("e-31:gpt-5");
  CHECK(second.input_tokens == 400);
  CHECK(second.cache_read_tokens == 100);
  CHECK(second.output_tokens == 5);
}

TEST_CASE("Copilot's accounts of a request go to its answer; the end of the run adds what no answer told") {
  const auto request = record("session.usage_record", R"({"usage":{"model":"gpt-5","inputTokens":400,)"
                                                      R"("outputTokens":20,"cacheReadTokens":300}})");
  const auto reading = read(k_start + request + answer("a", "20") + request + shutdown("1000", "45"));
  const auto messages = reading.sink.all<model::MessageCreated>();
  REQUIRE(messages.size() == 2);
  CHECK(messages.at(0).input_tokens == 100);
  CHECK(messages.at(0).cache_read_tokens == 300);
  CHECK(messages.at(0).output_tokens == 20);
  CHECK(messages.at(1).input_tokens == 900);
  CHECK(messages.at(1).output_tokens == 25);
}

TEST_CASE("Copilot's accounts of a run that began anew are taken as they are") {
  CHECK(sum(read(k_start + answer("a", "20") + shutdown("1000", "20") + answer("b", "5") +
                 shutdown("300", "5"))) == formats::Usage{.input = 1300, .output = 25});
}

TEST_CASE("a compaction starts Copilot's counters anew, one that failed does not") {
  const auto compaction = [](std::string_view success) {
    return record("session.compaction_complete",
                  R"({"summaryContent":"so far","success":)" + std::string(success) + "}");
  };
  const auto run = [&](std::string_view success) {
    return read(k_start + answer("a", "20") + shutdown("1000", "20") + compaction(success) +
                answer("b", "5") + shutdown("1200", "30"));
  };
  const auto anew = run("true");
  CHECK(lines_of(anew).at(2) == "- system copilot: so far");
  CHECK(sum(anew) == formats::Usage{.input = 2200, .output = 50});
  CHECK(sum(run("false")) == formats::Usage{.input = 1200, .output = 30});
}

TEST_CASE("many requests of Copilot are priced by their mean length, an unknown model not at all") {
  const auto long_run = [](std::string_view model) {
    return record("session.start", R"({"sessionId":"p-8"})") +
           record("session.shutdown", R"({"modelMetrics":{")" + std::string(model) +
                                          R"(":{"requests":{"count":10},"usage":{"inputTokens":1000000}}}})");
  };
  const auto known = read(long_run("claude-sonnet-4.5")).sink.all<model::MessageCreated>().at(0);
  CHECK(known.cost == doctest::Approx(3.0));  // not the price of requests above 200,000
  CHECK(!read(long_run("nobody")).sink.all<model::MessageCreated>().at(0).cost);
}

TEST_CASE("a log of Copilot CLI without its start is called as its folder, or as the file") {
  const auto asked = record("user.message", R"({"content":"Hello"})");
  const auto id_at = [&](const std::filesystem::path& path) {
    formats::Origin origin{path.filename().string(), test::k_arrived};
    origin.path = path;
    return test::read_from(asked, origin).sink.all<model::ConversationStarted>().at(0).conversation_id;
  };
  CHECK(id_at("/x/session-state/p-5/events.jsonl") == "copilot:p-5");
  CHECK(id_at("/x/session-state/p-6.jsonl") == "copilot:p-6");
}

TEST_CASE("a session of Copilot CLI that was shut down is over until it is resumed") {
  const auto asked = record("user.message", R"({"content":"Hello"})");
  const auto status_of = [](const test::Reading& reading) {
    return reading.sink.all<model::ConversationCompleted>().at(0).status;
  };
  const auto crash = record("session.shutdown", R"({"shutdownType":"error","modelMetrics":{}})");
  CHECK(status_of(read(k_start + asked + crash)) == model::Status::error);
  CHECK(status_of(read(k_start + asked + crash + record("session.resume", "{}"))) ==
        model::Status::completed);
  formats::Origin growing{"events.jsonl", test::k_arrived};
  growing.writer = formats::Writer::present;
  const auto ends = [&](const std::string& bytes) {
    return test::read_from(bytes, growing).sink.all<model::ConversationCompleted>().size();
  };
  CHECK(ends(k_start + asked) == 0);
  CHECK(ends(k_start + asked + crash) == 1);
}

TEST_CASE("a half last line of Copilot CLI is left for later, a broken one before it is told") {
  const auto reading = read(k_start + "{\"type\":\n" + record("user.message", R"({"content":"Hello"})") +
                            R"({"type":"assistant.mess)");
  CHECK(reading.sink.problems ==
        std::vector<std::string>{"2: not JSON, or nested too deeply; the line was left out"});
  CHECK(reading.sink.skipped_lines(formats::Skip::unfinished) == std::vector<std::uint64_t>{4});
}
