#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "agent_reading.hpp"
#include "agentpipe/formats/ledger.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using test::answers;
using test::fixture;
using test::read;
using test::read_file;
using test::sum;

namespace {

std::string answer_line(const std::string& uuid, const std::string& message, const std::string& request,
                        int output, const std::string& text, const std::string& session = "s") {
  nlohmann::json line{{"type", "assistant"},
                      {"sessionId", session},
                      {"uuid", uuid},
                      {"timestamp", "2026-03-01T10:00:00.000Z"},
                      {"message",
                       {{"id", message},
                        {"model", "claude-opus-4-1"},
                        {"content", {{{"type", "text"}, {"text", text}}}},
                        {"usage", {{"input_tokens", 10}, {"output_tokens", output}}}}}};
  if (!request.empty()) line["requestId"] = request;
  return line.dump() + "\n";
}

}  // namespace

TEST_CASE("a session file of Claude Code becomes one conversation with everything that was said") {
  const auto reading = read_file("claude-code/session.jsonl");
  CHECK(reading.format == "claude-code");
  CHECK(reading.sink.problems.empty());
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "claude-code:s-1");
  CHECK(started.source_format == "claude-code");
  CHECK(started.cwd == "/home/ann/shop");
  CHECK(started.git_branch == "main");
  CHECK(started.initial_prompt == "Fix the cart.\nIt loses items.\n\n*image, image/png, 9 B*");
  CHECK(started.name == "Fix the cart.…");
  REQUIRE(started.participants.size() == 2);
  CHECK(started.participants[0].agent_id == "user");
  CHECK(started.participants[1].agent_id == "claude-code");
  CHECK(started.participants[1].cli_version == "2.1.7");
  CHECK(test::lines_of(reading) ==
        std::vector<std::string>{
            "u-01 user user: Fix the cart.",
            "msg_1 assistant claude-code: I read the cart first.",
            "a-01 user user: and add a test",
            "result-toolu_1 tool claude-code: ```",
            "msg_2 assistant claude-code: Done.",
            "u-07 user user: /review cart.ts",
            "msg_3 assistant claude-code: Looks good.",
            "u-11 system claude-code: This session is being continued: the cart was fixed.",
        });
}

TEST_CASE(
    "the lines of one answer are one message: its parts in order, the largest usage, the model, the cost") {
  const auto messages = read_file("claude-code/session.jsonl").sink.all<model::MessageCreated>();
  const auto& answer = messages.at(1);
  CHECK(answer.content == "I read the cart first.\n\n**Read** `{\"file_path\":\"cart.ts\"}`");
  CHECK(answer.parts.text ==
        R"([{"type":"thinking","text":"Where is the cart?"},{"type":"text","text":"I read the cart first."},)"
        R"({"type":"tool_call","call_id":"toolu_1","name":"Read","input":{"file_path":"cart.ts"}}])");
  CHECK(answer.input_tokens == 4);
  CHECK(answer.cache_write_tokens == 1000);
  CHECK(answer.cache_read_tokens == 2000);
  CHECK(answer.output_tokens == 120);
  CHECK(answer.tokens_used == 3124);
  CHECK(answer.model == "claude-sonnet-4-5-20250929");
  CHECK(answer.cost == doctest::Approx((4 * 3 + 600 * 3.75 + 400 * 6 + 2000 * 0.3 + 120 * 15) / 1e6));
  CHECK(answer.cost_kind == "estimated");
  CHECK(answer.duration_ms == 4000);
  const auto& result = messages.at(3);
  CHECK(result.parts.text == R"([{"type":"tool_result","call_id":"toolu_1","name":"Read","is_error":false,)"
                             R"("output":"const cart = []\nGrep"}])");
  CHECK(result.parent_message_id == "msg_1");
}

TEST_CASE("titles, branches, errors and marks of Claude Code come as what they are") {
  const auto reading = read_file("claude-code/session.jsonl");
  std::vector<std::string> names, notes;
  for (const auto& updated : reading.sink.all<model::ConversationUpdated>())
    names.push_back(updated.name.value_or("branch " + updated.git_branch.value_or("")));
  CHECK(names ==
        std::vector<std::string>{"Old title of this session", "Cart repair", "My cart", "branch cart-fix"});
  for (const auto& note : reading.sink.all<model::LogEntry>()) notes.push_back(note.content);
  CHECK(notes == std::vector<std::string>{"An API request failed and is repeated.",
                                          "The conversation was compacted; it had 155,000 tokens.",
                                          "Pull request #12 of ann/shop: https://example.org/pr/12",
                                          "A record of type next-years-record"});
  CHECK(reading.sink.all<model::ConversationError>().at(0).error_message == "API Error: 529 Overloaded");
  CHECK(reading.sink.all<model::ConversationCompleted>().at(0).status == model::Status::completed);
}

TEST_CASE("a record of an unknown type is kept whole and counted, and fails nothing") {
  const auto reading = read_file("claude-code/session.jsonl");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{28});
  const auto kept = nlohmann::json::parse(reading.sink.all<model::LogEntry>().back().metadata.text);
  CHECK(kept["record_type"] == "next-years-record");
  CHECK(kept["record"]["payload"]["deep"] == nlohmann::json({1, 2}));
}

TEST_CASE("ccusage #901, #938: of an answer whose lines count up, the last count holds") {
  const auto reading = read(answer_line("1", "m", "r", 1, "a") + answer_line("2", "m", "r", 1, "b") +
                            answer_line("3", "m", "r", 598, "c"));
  CHECK(answers(reading) == 1);
  CHECK(sum(reading).output == 598);
  CHECK(sum(reading).input == 10);
}

TEST_CASE("ccusage #976: without a request id the message id alone tells copies") {
  const auto reading = read(answer_line("1", "m", "", 7, "a") + answer_line("1", "m", "", 7, "a") +
                            answer_line("2", "other", "", 5, "b") + answer_line("1", "m", "", 7, "a"));
  CHECK(answers(reading) == 2);
  CHECK(sum(reading).output == 12);
}

TEST_CASE("lines of an answer that come after others went between do not count its tokens again") {
  const auto reading = read(answer_line("1", "m", "r", 30, "a") + answer_line("2", "n", "q", 5, "b") +
                            answer_line("3", "m", "r", 40, "more"));
  CHECK(test::lines_of(reading) == std::vector<std::string>{"m assistant claude-code: a",
                                                            "n assistant claude-code: b",
                                                            "m.2 assistant claude-code: more"});
  CHECK(sum(reading).output == 45);
  CHECK(sum(reading).input == 20);
}

TEST_CASE("ccusage #913: side chains are counted once, each under the agent that spoke") {
  const auto reading = read_file("claude-code/sidechains.jsonl");
  CHECK(test::lines_of(reading) ==
        std::vector<std::string>{
            "m-1 user user: Do both", "aaaaaaaa-1 user claude-code: find",
            "bbbbbbbb-1 user claude-code: test", "msg_a1 assistant subagent-aaaaaaaa: looking",
            "msg_m1 assistant claude-code: **Task** `{\"description\":\"Find it\",\"prompt\":"
            "\"find\",\"subagent_type\":\"scout\"}`",
            "result-t1 tool claude-code: ```", "result-t2 tool claude-code: **Failed**",
            "msg_b1 assistant subagent-bbbbbbbb: tested"});
  CHECK(sum(reading).output == 10 + 9 + 5);
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages.at(3).agent_name == "Find it");
  CHECK(messages.at(7).agent_name == "Test it");
}

TEST_CASE("a forked session keeps only what is new in it, and names the one it continues") {
  const auto ledger = std::make_shared<formats::Ledger>();
  const auto parent = read_file("claude-code/session.jsonl", ledger);
  const auto fork = read_file("claude-code/fork.jsonl", ledger);
  CHECK(test::lines_of(fork) == std::vector<std::string>{"f-01 user user: Try another way",
                                                         "msg_7 assistant claude-code: Another way."});
  CHECK(fork.sink.all<model::ConversationStarted>().at(0).parent_conversation_id == "claude-code:s-1");
  CHECK(sum(parent).output + sum(fork).output == 120 + 20 + 7 + 33);
}

TEST_CASE("a copy that says where it is from belongs there, whichever file is read first") {
  const test::TemporaryDirectory folder;
  const auto line = [](const std::string& uuid, const std::string& session, const std::string& more = {}) {
    return R"({"type":"user","uuid":")" + uuid + R"(","sessionId":")" + session + R"(","timestamp":)" +
           R"("2026-01-05T08:00:00.000Z","message":{"role":"user","content":")" + uuid + R"("})" + more +
           "}\n";
  };
  const auto ledger = std::make_shared<formats::Ledger>();
  const auto said = [&](const std::string& name, const std::string& text) {
    formats::Origin origin{name, test::k_arrived, folder.path() / name};
    std::ofstream(origin.path, std::ios::binary) << text;
    origin.ledger = ledger;
    return test::lines_of(test::read_from(text, origin));
  };
  const auto fork =
      line("u-2", "s-2", R"(,"forkedFrom":{"sessionId":"s-1","messageUuid":"u-2"})") + line("u-3", "s-2");
  CHECK(said("s-1.jsonl", "").empty());
  CHECK(said("s-2.jsonl", fork) == Lines{"u-3 user user: u-3"});
  CHECK(said("s-1.jsonl", line("u-1", "s-1") + line("u-2", "s-1")) ==
        Lines{"u-1 user user: u-1", "u-2 user user: u-2"});
  std::filesystem::remove(folder.path() / "s-1.jsonl");
  const auto alone = std::make_shared<formats::Ledger>();
  formats::Origin origin{"s-2.jsonl", test::k_arrived, folder.path() / "s-2.jsonl"};
  origin.ledger = alone;
  CHECK(test::lines_of(test::read_from(fork, origin)) == Lines{"u-2 user user: u-2", "u-3 user user: u-3"});
}

TEST_CASE("a command of the person's own shell is shown with what it printed") {
  const auto said = [](const std::string& uuid, const std::string& text) {
    return R"({"type":"user","uuid":")" + uuid +
           R"(","sessionId":"s-1","timestamp":"2026-01-05T08:00:00.000Z","message":{"role":"user","content":")" +
           text + R"("}})" + "\n";
  };
  const auto reading =
      test::read(said("u-1", "<bash-input>ls</bash-input>") +
                 said("u-2", "<bash-stdout>cart.ts</bash-stdout><bash-stderr>\\nand a fault</bash-stderr>") +
                 said("u-3", "<bash-stdout></bash-stdout><bash-stderr></bash-stderr>"));
  const auto messages = reading.sink.all<model::MessageCreated>();
  REQUIRE(messages.size() == 2);
  CHECK(messages.at(0).content == "! ls");
  CHECK(messages.at(1).content == "```\ncart.ts\nand a fault\n```");
}

TEST_CASE("a file read twice in one run is whole both times") {
  const auto ledger = std::make_shared<formats::Ledger>();
  CHECK(test::lines_of(read_file("claude-code/session.jsonl", ledger)) ==
        test::lines_of(read_file("claude-code/session.jsonl", ledger)));
}

TEST_CASE("a subagent's file is a conversation of its own below its parent") {
  const auto reading = read_file("claude-code/subagents/agent-77aa.jsonl");
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "claude-code:s-1:toolu_9");
  CHECK(started.parent_conversation_id == "claude-code:s-1");
  CHECK(started.name == "Count files");
  CHECK(started.participants.at(1).name == "counter");
  CHECK(test::lines_of(reading) == std::vector<std::string>{"- user claude-code: Count the files",
                                                            "msg_g assistant subagent: Four files."});
}

TEST_CASE("standard output of claude -p gives the ids and messages that its files give") {
  const auto run = read_file("claude-stream/run.jsonl");
  CHECK(run.format == "claude-code-stream");
  const auto filed = test::by_id(read_file("claude-code/session.jsonl"));
  const auto subagent = test::by_id(read_file("claude-code/subagents/agent-77aa.jsonl"));
  for (const auto& message : run.sink.all<model::MessageCreated>()) {
    CAPTURE(message.message_id);
    if (message.role == "user") continue;  // what the agent asks its subagent has no id on standard output
    const auto& other = message.conversation_id == "claude-code:s-1" ? filed : subagent;
    REQUIRE(other.contains(message.message_id));
    const auto& twin = other.at(message.message_id);
    CHECK(message.conversation_id == twin.conversation_id);
    CHECK(message.content == twin.content);
    CHECK(message.role == twin.role);
    CHECK(message.agent_id == twin.agent_id);
    CHECK(message.parts == twin.parts);
    CHECK(message.output_tokens == twin.output_tokens);
  }
  CHECK(answers(run) == 3);
}

TEST_CASE("the result of claude -p ends the conversation with its own totals") {
  const auto run = read_file("claude-stream/run.jsonl");
  const auto completed = run.sink.all<model::ConversationCompleted>();
  REQUIRE(completed.size() == 2);  // the subagent's part is over too
  CHECK(completed[0].total_cost == 0.050406);
  CHECK(completed[0].duration_seconds == doctest::Approx(8.267));
  CHECK(completed[0].total_turns == 2);
  CHECK(completed[0].total_tokens == 6154);
  CHECK(completed[0].status == model::Status::completed);
}

TEST_CASE("claude --output-format json is its answer alone, with the cost that it reports") {
  const auto reading = read_file("claude-stream/result.json");
  const auto message = reading.sink.all<model::MessageCreated>().at(0);
  CHECK(message.conversation_id == "claude-code:s-3");
  CHECK(message.content == "Hi!");
  CHECK(message.cost == 0.050406);
  CHECK(message.cost_kind == "reported");
  CHECK(message.cache_write_tokens == 13'416);
}

TEST_CASE("a last line that is still being written waits; a broken one that has its end is told") {
  const auto good = answer_line("1", "m", "r", 3, "a");
  const auto half = read(good + good.substr(0, 60));
  CHECK(half.sink.problems.empty());
  CHECK(half.sink.skipped_lines(formats::Skip::unfinished) == std::vector<std::uint64_t>{2});
  const auto broken = read(good + good.substr(0, 60) + "\n" + answer_line("2", "n", "q", 3, "b"));
  const std::vector<std::string> told{"2: not JSON, or nested too deeply; the line was left out"};
  CHECK(broken.sink.problems == told);
  CHECK(answers(broken) == 2);
  CHECK(read(good + good.substr(0, 60) + "\n").sink.problems == told);
}

TEST_CASE("while somebody writes, the last answer is left for the next reading") {
  const auto bytes = answer_line("1", "m", "r", 3, "a") + answer_line("2", "n", "q", 3, "b");
  formats::Origin origin{"s.jsonl", test::k_arrived};
  origin.writer = formats::Writer::present;
  const auto growing = test::read_from(bytes, origin);
  CHECK(test::lines_of(growing) == std::vector<std::string>{"m assistant claude-code: a"});
  CHECK(growing.sink.all<model::ConversationCompleted>().empty());
}

TEST_CASE("bytes that are no text, escaped NULs and half characters do not stop a reader") {
  auto line = answer_line("1", "m", "r", 3, "a");
  line.replace(line.find("\"a\""), 3, "\"\\u0000 \\ud83d \xFF\"");
  const auto reading = read(line);
  CHECK(reading.sink.problems.empty());
  CHECK(reading.sink.all<model::MessageCreated>().at(0).content == "\uFFFD \uFFFD \uFFFD");
}

TEST_CASE("ids with strange characters become ids that the other end takes, wherever they are named") {
  const auto bytes =
      R"({"type":"assistant","sessionId":"s/1","uuid":"u 1","message":{"id":"m/\u00e9 1","content":[)"
      R"({"type":"tool_use","id":"t 1","name":"Read","input":{}}]}})"
      "\n"
      R"({"type":"user","sessionId":"s/1","uuid":"u 2","message":{"content":[)"
      R"({"type":"tool_result","tool_use_id":"t 1","content":"x"}]}})"
      "\n";
  const auto messages = read(bytes).sink.all<model::MessageCreated>();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].conversation_id == "claude-code:s-1");
  CHECK(messages[0].message_id == "m-1");
  CHECK(messages[1].message_id == "result-t-1");
  CHECK(messages[1].parent_message_id == "m-1");
}

TEST_CASE("the shared real session has 170 answers and 51,933 output tokens") {
  const auto bytes = test::shared_session("claude/claude-code-viewer-fe5e1c67.jsonl");
  if (bytes.empty()) return;
  const auto reading = read(bytes);
  CHECK(answers(reading) == 170);
  CHECK(sum(reading).output == 51'933);
  CHECK(reading.sink.problems.empty());
  CHECK(reading.sink.all<model::ConversationStarted>().size() == 1);
  CHECK(test::tools(reading) == std::pair<std::size_t, std::size_t>{167, 167});
}

TEST_CASE("other tools' test files are read without complaint") {
  struct Expected {
    std::string_view file;
    std::size_t answers;
    std::int64_t output;
    std::size_t problems;
  };
  constexpr Expected k_expected[] = {
      {"claude/ccusage-alpha.jsonl", 3, 250, 0},
      {"claude/session_b.jsonl", 1, 35, 0},
      {"claude/tool_call_pending.jsonl", 1, 50, 0},
      {"claude/truncated.jsonl", 1, 5, 1},
  };
  for (const auto& expected : k_expected) {
    const auto bytes = test::shared_session(expected.file);
    if (bytes.empty()) continue;
    CAPTURE(expected.file);
    const auto reading = read(bytes);
    CHECK(reading.format == "claude-code");
    CHECK(answers(reading) == expected.answers);
    CHECK(sum(reading).output == expected.output);
    CHECK(reading.sink.problems.size() == expected.problems);
  }
  const auto alpha = read(test::shared_session("claude/ccusage-alpha.jsonl"));
  for (const auto& message : alpha.sink.all<model::MessageCreated>()) CHECK(message.cost_kind == "reported");
}
