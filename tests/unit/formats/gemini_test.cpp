#include <doctest/doctest.h>

#include "agent_reading.hpp"
#include "agentpipe/base/time.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using test::lines_of;
using test::read;
using test::read_file;
using test::sum;

namespace {

std::optional<base::Timestamp> written_at(const std::string& line) {
  const auto record = nlohmann::json::parse(line);
  const auto calls = record.value("toolCalls", nlohmann::json::array());
  return base::parse_rfc3339((calls.empty() ? record : calls.back()).value("timestamp", ""));
}

}  // namespace

TEST_CASE("a log of Gemini CLI is played back: later records replace earlier ones, rewinds take back") {
  const auto reading = read_file("gemini/session.jsonl");
  CHECK(reading.format == "gemini");
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "gemini:g-1");
  CHECK(started.cwd == "/home/ann/shop");
  CHECK(started.name == "Cart repair");
  CHECK(started.initial_prompt == "Fix the cart");
  CHECK(lines_of(reading) ==
        std::vector<std::string>{"- user user: Fix the cart", "- assistant gemini: I look.",
                                 "call-read-1 assistant gemini: **read_file** `{\"path\":\"cart.ts\"}`",
                                 "result-read-1 tool gemini: ```",
                                 "- assistant gemini: Tokens used without an answer", "- user user: go on",
                                 "- assistant gemini: Done."});
  CHECK(reading.sink.all<model::LogEntry>().at(0).content == "Request cancelled.");
  CHECK(reading.sink.all<model::ConversationError>().at(0).error_message == "quota");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{13});
}

TEST_CASE("Gemini's tokens: cached ones are inside or beside the input, as the total tells") {
  const auto messages = read_file("gemini/session.jsonl").sink.all<model::MessageCreated>();
  const auto& without_words = messages.at(4);
  CHECK(without_words.input_tokens == 605);  // 1000 with 400 cached inside, 5 from tools
  CHECK(without_words.cache_read_tokens == 400);
  CHECK(without_words.output_tokens == 70);
  CHECK(without_words.reasoning_tokens == 20);
  CHECK(without_words.tokens_used == 1075);
  CHECK(messages.at(6).input_tokens == 2000);  // the total counts 500 cached once more
  CHECK(messages.at(6).tokens_used == 2510);
  CHECK(messages.at(1).parts.text ==
        R"([{"type":"thinking","text":"**Cart**\nwhere?"},{"type":"text","text":"I look."}])");
  CHECK(messages.at(2).parts.text == R"([{"type":"tool_call","call_id":"read-1","name":"read_file",)"
                                     R"("input":{"path":"cart.ts"}}])");
  CHECK(messages.at(3).parts.text == R"([{"type":"tool_result","call_id":"read-1","name":"read_file",)"
                                     R"("is_error":false,"output":"const cart = []"}])");
}

TEST_CASE("a checkpoint in Gemini's log takes nothing back and tells nothing twice") {
  CHECK(lines_of(read_file("gemini/checkpoint.jsonl")) ==
        std::vector<std::string>{"- user user: first", "- user user: second", "- user user: third",
                                 "- assistant gemini: yes"});
}

TEST_CASE("a resumed session of Gemini CLI repeats its history with less in it: what was known stays") {
  const auto reading = read_file("gemini/resumed.jsonl");
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).initial_prompt == "Count the files");
  CHECK(lines_of(reading) ==
        std::vector<std::string>{
            "- user user: Count the files", "- assistant gemini: I look.",
            "call-run__1 assistant gemini: **run_shell_command** `{\"command\":\"ls\"}`",
            "result-run__1 tool gemini: ```", "- assistant gemini: One file.", "- user user: Test it",
            "- assistant gemini: I test.",
            "call-test__2 assistant gemini: **run_shell_command** `{\"command\":\"make test\"}`",
            "result-test__2 tool gemini: ```", "- assistant gemini: All pass."});
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK_FALSE(messages.at(1).tokens_used);  // a tool came at once: the last words carry it
  CHECK(messages.at(4).tokens_used == 1040 + 1125);
  CHECK(messages.at(6).tokens_used == 1210);  // its tool took half a minute
  CHECK(messages.at(9).tokens_used == 1305);
}

TEST_CASE("a compression of Gemini's history is a notice, and the copies that it makes are none") {
  const auto reading = read_file("gemini/compressed.jsonl");
  CHECK(lines_of(reading) == std::vector<std::string>{"- user user: Count the cart",
                                                      "- assistant gemini: Counted.", "- user user: go on",
                                                      "- assistant gemini: Done.",
                                                      "- system gemini: <scratchpad>so</scratchpad>",
                                                      "- user user: and on", "- assistant gemini: Done."});
  CHECK(sum(reading) == formats::Usage{.input = 300, .output = 9});
}

TEST_CASE("Gemini's log followed line by line gives the messages of the whole file, with their tokens") {
  for (const auto* name : {"gemini/resumed.jsonl", "gemini/compressed.jsonl", "gemini/same_run.jsonl"}) {
    CAPTURE(name);
    const auto path = test::fixture(name);
    auto origin = test::origin_at(path);
    origin.writer = formats::Writer::present;
    const auto reader = formats::find_format("gemini")->open(origin);
    test::Reading followed;
    std::optional<base::Timestamp> before;
    std::uint64_t number = 0;
    std::istringstream lines(test::file_text(path));
    for (std::string line; std::getline(lines, line);) {
      // Who follows is told of silence, as long as that between two records.
      const auto at = written_at(line);
      if (before && at && *at - *before > formats::k_quiet) reader->quiet(followed.sink);
      if (at) before = at;
      reader->line(line, ++number, followed.sink);
      reader->end(followed.sink);
    }
    reader->quiet(followed.sink);
    CHECK(reader->settled());
    const auto whole = test::by_id(read_file(name)), live = test::by_id(followed);
    CHECK(live.size() == whole.size());
    for (const auto& message : whole) {
      CAPTURE(message.first);
      REQUIRE(live.contains(message.first));
      CHECK(live.at(message.first).content == message.second.content);
      CHECK(live.at(message.first).tokens_used == message.second.tokens_used);
    }
  }
}

TEST_CASE("Gemini's last answer comes out when its writer is quiet") {
  const auto path = test::fixture("gemini/checkpoint.jsonl");
  auto origin = test::origin_at(path);
  origin.writer = formats::Writer::present;
  CHECK(lines_of(test::read_from(test::file_text(path), origin)).size() == 3);
  origin.quiet = true;
  CHECK(lines_of(test::read_from(test::file_text(path), origin)).size() == 4);
}

TEST_CASE("the folder of Gemini's project stands beside its logs") {
  const test::TemporaryDirectory home;
  const auto chats = home.path() / "shop" / "chats";
  std::filesystem::create_directories(chats / "g-9");
  std::ofstream(home.path() / "shop" / ".project_root") << "/home/ann/shop\n";
  const auto log = test::file_text(test::fixture("gemini/compressed.jsonl"));
  for (const auto& path : {chats / "session-1.jsonl", chats / "g-9" / "1.jsonl"}) {
    const auto reading = test::read_from(log, test::origin_at(path));
    CHECK(reading.sink.all<model::ConversationStarted>().at(0).cwd == "/home/ann/shop");
  }
}

TEST_CASE("standard output of gemini: pieces become one message, the accounts go to the last one") {
  const auto reading = read_file("gemini-stream/run.jsonl");
  CHECK(reading.format == "gemini-stream");
  CHECK(lines_of(reading) ==
        std::vector<std::string>{"- user user: Fix the cart", "- assistant gemini: I look.",
                                 "call-read-1 assistant gemini: **read_file** `{\"path\":\"cart.ts\"}`",
                                 "result-read-1 tool gemini: **Failed**", "- assistant gemini: Done."});
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).conversation_id == "gemini:g-1");
  CHECK(sum(reading) == formats::Usage{.input = 600, .cache_read = 400, .output = 200, .reasoning = 50});
  CHECK(reading.sink.all<model::ConversationCompleted>().at(0).duration_seconds == 8.0);
}

TEST_CASE("gemini --output-format json is its answer and its accounts") {
  const auto reading = read_file("gemini-stream/result.json");
  CHECK(reading.format == "gemini-json");
  const auto message = reading.sink.all<model::MessageCreated>().at(0);
  CHECK(message.conversation_id == "gemini:g-3");
  CHECK(message.content == "Hi!");
  CHECK(message.model == "gemini-2.5-pro");
  CHECK(sum(reading) == formats::Usage{.input = 700, .cache_read = 300, .output = 25, .reasoning = 20});
}

TEST_CASE("other tools' older Gemini sessions are read with their right numbers") {
  const auto standard = test::shared_session("gemini/standard_session.json");
  if (standard.empty()) return;
  const auto reading = read(standard);
  CHECK(reading.format == "gemini-json");
  CHECK(test::answers(reading) == 2);
  CHECK(sum(reading) == formats::Usage{.input = 3500, .cache_read = 150, .output = 650, .reasoning = 150});
  const auto tools = read(test::shared_session("gemini/tool_calls_with_results.json"));
  CHECK(test::tools(tools) == std::pair<std::size_t, std::size_t>{2, 2});
}
