#include <doctest/doctest.h>

#include "agent_reading.hpp"
#include "element_splitter.hpp"

using namespace agentpipe;
using test::lines_of;
using test::read;
using test::read_file;
using Lines = std::vector<std::string>;

TEST_CASE("ChatGPT's export: the branch that its person saw, tools, thoughts, images; no loop holds it up") {
  const auto reading = read_file("chatgpt/conversations.json");
  CHECK(reading.format == "chatgpt");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == Lines{"n1 user user: *image, image, 1.0 kB*",
                                   "n2 assistant chatgpt: ", "n3 assistant chatgpt: **python** `print(1)`",
                                   "n4 tool chatgpt: ```", "n6 assistant chatgpt: Done.", "a user user: one",
                                   "b assistant chatgpt: two"});
  const auto started = reading.sink.all<model::ConversationStarted>();
  REQUIRE(started.size() == 2);
  CHECK(started[0].conversation_id == "chatgpt:c-1");
  CHECK(started[0].name == "Cart");
  CHECK(reading.sink.events.front().at == *base::parse_rfc3339("2026-01-05T09:00:01.5Z"));
  const auto messages = test::by_id(reading);
  CHECK(messages.at("n2").parts.text == R"([{"type":"thinking","text":"where?"}])");
  CHECK(messages.at("n4").parts.text ==
        R"([{"type":"tool_result","call_id":"n3","name":"python","is_error":false,"output":"1"}])");
  CHECK(messages.at("n6").model == "gpt-5");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{16});
}

TEST_CASE("another tool's example of ChatGPT's export is read along its current branch") {
  const auto example = test::shared_session("chatgpt/example-conversation.json");
  if (example.empty()) return;
  const auto reading = read(example);
  CHECK(reading.format == "chatgpt");
  CHECK(reading.sink.problems == Lines{});
  REQUIRE(lines_of(reading).size() == 4);
  CHECK(lines_of(reading).at(2) == "msg-4 user user: How do I write a function in JavaScript?");
}

TEST_CASE("Claude.ai's export: blocks, attachments, the plain text of older ones") {
  const auto reading = read_file("claude-ai/conversations.json");
  CHECK(reading.format == "claude-ai");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == Lines{"m-a user user: Fix it",
                                   "m-b assistant claude-ai: **web_search** `{\"query\":\"cart\"}`",
                                   "m-c user user: an older export"});
  const auto messages = test::by_id(reading);
  CHECK(messages.at("m-a").content == "Fix it\n\n*cart.py*\n\n```\nx = 1\n```\n\n*cart.png*");
  CHECK(messages.at("m-b").parts.text ==
        R"([{"type":"thinking","text":"where?"},{"type":"tool_call","call_id":"t1","name":"web_search",)"
        R"("input":{"query":"cart"}},{"type":"tool_result","call_id":"t1","name":"web_search",)"
        R"("is_error":false,"output":"found"},{"type":"notice","kind":"hologram","text":"*hologram*"},)"
        R"({"type":"text","text":"Done."}])");
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).conversation_id == "claude-ai:u-1");
}

TEST_CASE("OpenAI messages, a conversation a line: content in parts, calls, results, broken lines") {
  const auto reading = read_file("openai/conversations.jsonl");
  CHECK(reading.format == "openai-messages");
  CHECK(reading.sink.problems == Lines{"3: the JSON is broken here; it was left out"});
  CHECK(lines_of(reading) == Lines{"- system system: Be brief.", "- user user: Weather?",
                                   "- assistant assistant: **get** `{\"city\":\"Bonn\"}`",
                                   "- tool assistant: ```", "- assistant assistant: Rain.", "- user user: Hi",
                                   "- assistant assistant: Hello", "- user user: Hi",
                                   "- assistant assistant: Hello"});
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages.at(2).parts.text ==
        R"([{"type":"thinking","text":"hm"},{"type":"tool_call","call_id":"t1","name":"get",)"
        R"("input":{"city":"Bonn"}},{"type":"tool_call","call_id":"t2","name":"get","input":"{broken"}])");
  CHECK(messages.at(2).model == "gpt-4o");
  const auto started = reading.sink.all<model::ConversationStarted>();
  REQUIRE(started.size() == 3);
  CHECK(started[0].conversation_id == "openai-messages:own");
  CHECK(started[0].name == "Weather");
  CHECK(started[1].conversation_id != started[2].conversation_id);  // the same words in two places
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{1, 5});
}

TEST_CASE("a list of messages is one conversation, and keeps its name when it grows") {
  const auto reading = read_file("openai/list.json");
  CHECK(reading.format == "openai-messages");
  CHECK(lines_of(reading) == Lines{"- user user: Hi", "- assistant assistant: Hello"});
  const auto grown = read(R"([{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},
    {"role":"user","content":"Bye"}])");
  CHECK(lines_of(grown).size() == 3);
  const auto id_of = [](const test::Reading& r) {
    return r.sink.all<model::ConversationStarted>().at(0).conversation_id;
  };
  CHECK(id_of(grown) == id_of(reading));
}

TEST_CASE("ShareGPT in both its forms") {
  const auto reading = read_file("sharegpt/conversations.json");
  CHECK(reading.format == "sharegpt");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == Lines{"- system system: Be brief.", "- user user: Hi",
                                   "- assistant assistant: Hello", "- tool assistant: ```",
                                   "- assistant assistant: Yes", "- user user: one",
                                   "- assistant assistant: two"});
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).conversation_id == "sharegpt:s-1");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{2});
}

TEST_CASE("an export that is cut off gives what is whole and names the line where the rest begins") {
  const auto text = test::fixture_text("chatgpt/conversations.json");
  const auto reading = read(text.substr(0, text.rfind("no tree")));
  CHECK(lines_of(reading).size() == 7);
  CHECK(reading.sink.problems == Lines{"1: the JSON that begins here does not end; the file is cut off"});
}

TEST_CASE("elements are cut the same wherever the bytes are cut, and a large one costs no memory") {
  const std::string json = R"([ {"a":"}]\""} , [1,{"b":[]}], 7, "x{" , {"too":"long, by far"} ] {"c":1})";
  const auto cut = [&](std::size_t size) {
    Lines found;
    formats::ElementSplitter splitter(
        [&](const auto& element) {
          found.push_back(std::to_string(element.value) + " " + std::string(element.json));
        },
        16);
    for (std::size_t at = 0; at < json.size(); at += size)
      splitter.feed(std::string_view(json).substr(at, size));
    return found;
  };
  const Lines expected{R"(0 {"a":"}]\""})", R"(0 [1,{"b":[]}])", "0 ", R"(1 {"c":1})"};
  for (std::size_t size = 1; size <= json.size(); ++size) CHECK(cut(size) == expected);
}
