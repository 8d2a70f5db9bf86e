#include <doctest/doctest.h>

#include "agent_reading.hpp"

using namespace agentpipe;
using test::lines_of;
using test::origin_at;
using test::read;
using test::read_file;

namespace {

constexpr std::string_view k_asked =
    R"({"role":"user","message":{"content":[{"type":"text","text":"<user_query>\nHello\n</user_query>"}]}})"
    "\n";
constexpr std::string_view k_text = "user:\n<user_query>\nHello\n</user_query>\n\nassistant:\nHi\n";

}  // namespace

TEST_CASE("a transcript of Cursor as JSONL: prompts without their wrapping, tools, unknown records counted") {
  const auto reading = read_file("cursor/c-1.jsonl");
  CHECK(reading.format == "cursor");
  CHECK(reading.sink.problems.empty());
  CHECK(lines_of(reading) ==
        std::vector<std::string>{"- user user: Fix the cart", "- assistant cursor: I look.",
                                 "- tool cursor: **Failed**", "- assistant cursor: Done.",
                                 "- user user: again", "- user user: again"});
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "cursor:c-1");
  CHECK(started.initial_prompt == "Fix the cart");
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages.at(1).parts.text ==
        R"([{"type":"thinking","text":"Where?"},{"type":"text","text":"I look."},)"
        R"({"type":"tool_call","call_id":"t-1","name":"Read","input":{"path":"cart.ts"}}])");
  CHECK(messages.at(2).parts.text ==
        R"([{"type":"tool_result","call_id":"t-1","is_error":true,"output":"no such file"}])");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{5, 6});
  CHECK(reading.sink.skipped_lines(formats::Skip::internal) == std::vector<std::uint64_t>{7});
  CHECK(reading.sink.all<model::LogEntry>().at(0).content == "A record of type turn_ended");
  CHECK(reading.sink.all<model::ConversationCompleted>().size() == 1);
}

TEST_CASE(
    "Cursor tells no tokens, no models and no times: unknown ones are not 0, the file's time stands in") {
  const auto reading = read_file("cursor/c-1.jsonl");
  for (const auto& message : reading.sink.all<model::MessageCreated>()) {
    CHECK(!message.tokens_used);
    CHECK(!message.cost);
    CHECK(!message.model);
  }
  for (const auto& event : reading.sink.events) CHECK(event.at == test::k_arrived);
}

TEST_CASE(
    "a transcript of Cursor as text: thoughts, calls and results end where text is at the margin again") {
  const auto reading = read_file("cursor/c-2.txt");
  CHECK(reading.format == "cursor-text");
  CHECK(reading.sink.problems.empty());
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).conversation_id == "cursor:c-2");
  const auto messages = reading.sink.all<model::MessageCreated>();
  REQUIRE(messages.size() == 4);
  CHECK(messages.at(0).content == "Fix the cart\nand the till");
  CHECK(
      messages.at(1).parts.text ==
      R"([{"type":"text","text":"I look."},{"type":"thinking","text":"Where is it?\n  There."},)"
      R"({"type":"tool_call","call_id":"call-1","name":"Read","input":"path: cart.ts"},)"
      R"({"type":"tool_result","call_id":"call-1","name":"Read","is_error":false,"output":"const cart = []"},)"
      R"({"type":"text","text":"Done, see\n\n    cart.ts"}])");
  CHECK(messages.at(2).content == "no wrapping here");
  CHECK(messages.at(3).content == "Right.");
  CHECK(reading.sink.skipped_lines(formats::Skip::internal) == std::vector<std::uint64_t>{23});
}

TEST_CASE("text and JSONL of a session of Cursor are one conversation with the same messages") {
  const std::string jsonl = std::string(k_asked) +
                            R"({"role":"assistant","message":{"content":[{"type":"text","text":"Hi"}]}})"
                            "\n";
  const auto one = test::read_from(k_text, origin_at("/x/agent-transcripts/c-3.txt"));
  const auto other = test::read_from(jsonl, origin_at("/x/agent-transcripts/c-3/c-3.jsonl"));
  const auto ids = [](const test::Reading& reading) {
    std::vector<std::string> all{reading.sink.all<model::ConversationStarted>().at(0).conversation_id};
    for (const auto& message : reading.sink.all<model::MessageCreated>()) all.push_back(message.message_id);
    return all;
  };
  CHECK(ids(one).size() == 3);
  CHECK(ids(one) == ids(other));
}

TEST_CASE("a subagent of Cursor lies below its parent") {
  const auto reading = test::read_from(k_asked, origin_at("/x/agent-transcripts/c-1/subagents/s-1.jsonl"));
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "cursor:s-1");
  CHECK(started.parent_conversation_id == "cursor:c-1");
}

TEST_CASE("the last message of a text that Cursor still writes waits, a whole line of JSONL does not") {
  auto text = origin_at("/x/agent-transcripts/c-1.txt");
  text.writer = formats::Writer::present;
  CHECK(lines_of(test::read_from(k_text, text)) == std::vector<std::string>{"- user user: Hello"});
  auto jsonl = origin_at("/x/agent-transcripts/c-1/c-1.jsonl");
  jsonl.writer = formats::Writer::present;
  const auto half = test::read_from(std::string(k_asked) + R"({"role":"assist)", jsonl);
  CHECK(lines_of(half) == std::vector<std::string>{"- user user: Hello"});
  CHECK(half.sink.problems.empty());
  CHECK(half.sink.all<model::ConversationCompleted>().empty());
}
