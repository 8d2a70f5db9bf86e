#include <doctest/doctest.h>

#include "agentpipe/formats/line_splitter.hpp"
#include "read.hpp"

using namespace agentpipe;
using test::read;
using LineNumbers = std::vector<std::uint64_t>;
using Texts = std::vector<std::string>;

namespace {

const std::string k_started =
    R"({"type":"conversation.started","timestamp":"2026-01-05T08:00:00Z","data":{"conversation_id":"c1","mode":"reactive","initial_prompt":"p","participants":[{"agent_id":"claude-0","agent_type":"claude","name":"Ada"}]}})"
    "\n";

std::string message(int number, const std::string& content, const std::string& conversation = "c1") {
  return R"({"type":"message.created","timestamp":"2026-01-05T08:00:01Z","data":{"conversation_id":")" +
         conversation + R"(","message_id":"m)" + std::to_string(number) +
         R"(","agent_id":"claude-0","agent_type":"claude","agent_name":"Ada","content":")" + content +
         R"(","sequence_number":)" + std::to_string(number) + "}}\n";
}

std::string entry(const std::string& level, const std::string& role, const std::string& content,
                  const std::string& conversation = "c1") {
  const auto role_member = role.empty() ? std::string() : R"(,"role":")" + role + '"';
  return R"({"type":"log.entry","timestamp":"2026-01-05T08:00:01Z","data":{"conversation_id":")" +
         conversation + R"(","level":")" + level +
         R"(","agent_id":"claude-0","agent_name":"Ada","agent_type":"claude","content":")" + content + '"' +
         role_member + "}}\n";
}

}  // namespace

TEST_CASE("the log.entry copy of a message is passed over, whether it comes after or before") {
  const auto reading = read(k_started + message(1, "one") + entry("message", "agent", "one") +
                            entry("message", "agent", "two") + message(2, "two"));
  CHECK(reading.sink.types() == Texts{"conversation.started", "message.created", "message.created"});
  CHECK(reading.sink.skipped_lines(formats::Skip::twin) == LineNumbers{3, 4});
  CHECK(reading.sink.problems.empty());
}

TEST_CASE("the same words said twice have two copies, and a third log.entry stands alone") {
  const auto reading = read(message(1, "ok") + message(2, "ok") + entry("message", "agent", "ok") +
                            entry("message", "agent", "ok") + entry("message", "agent", "ok"));
  CHECK(reading.sink.types() == Texts{"message.created", "message.created", "log.entry"});
  CHECK(reading.sink.skipped_lines(formats::Skip::twin) == LineNumbers{3, 4});
}

TEST_CASE("an agent's log.entry without a message is not lost") {
  const auto reading = read(k_started + entry("message", "agent", "alone"));
  CHECK(reading.sink.types() == Texts{"conversation.started", "log.entry"});
  CHECK(reading.sink.skips.empty());
}

TEST_CASE("entries that wait for their message come out when too many wait") {
  std::string input = k_started;
  for (int i = 0; i < 70; ++i) input += entry("message", "agent", "words " + std::to_string(i));
  const auto reading = read(input);
  CHECK(reading.sink.all<model::LogEntry>().size() == 70);
}

TEST_CASE("a copy in another conversation is no copy") {
  const auto reading = read(message(1, "x", "c1") + entry("message", "agent", "x", "c2"));
  CHECK(reading.sink.types() == Texts{"message.created", "log.entry"});
}

TEST_CASE("a client's own log lines stay on this machine") {
  const auto reading = read(k_started + entry("info", "diagnostic", "d") + entry("error", "diagnostic", "d") +
                            entry("debug", "", "d") + entry("warn", "", "d") +
                            entry("error", "", "turn timeout") + entry("system", "system", "s"));
  CHECK(reading.sink.skipped_lines(formats::Skip::diagnostic) == LineNumbers{2, 3, 4, 5});
  CHECK(reading.sink.types() == Texts{"conversation.started", "log.entry", "log.entry"});
}

TEST_CASE("what is no JSON object is passed over") {
  const auto reading =
      read("starting\r\n\n" + k_started + "\xF0\x9F\x92\xBE State saved to: x\n[1,2]\n\"text\"\n{x}\n");
  CHECK(reading.sink.skipped_lines(formats::Skip::not_json) == LineNumbers{1, 2, 4, 5, 6, 7});
  CHECK(reading.sink.problems.empty());
  CHECK(reading.format == "agentpipe-events");
}

TEST_CASE("an event of a type that is not known is passed over") {
  const auto reading =
      read(k_started + R"({"type":"conversation.danced","timestamp":"2026-01-05T08:00:00Z","data":{}})"
                       "\n");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == LineNumbers{2});
  CHECK(reading.sink.problems.empty());
}

TEST_CASE("a broken event is a problem with its line, and the rest goes on") {
  const auto reading =
      read(k_started +
           R"({"type":"message.created","timestamp":"2026-01-05T08:00:01Z","data":{"conve)"
           "\n" +
           R"({"type":"message.created","timestamp":"2026-01-05T08:00:01Z","data":{"conversation_id":7}})"
           "\n" +
           message(1, "still here"));
  CHECK(reading.sink.types() == Texts{"conversation.started", "message.created"});
  REQUIRE(reading.sink.problems.size() == 2);
  CHECK(reading.sink.problems[0].starts_with("2: "));
  CHECK(reading.sink.problems[1] == "3: data.conversation_id must be a string");
}

TEST_CASE("conversations in one stream are told apart by their ids") {
  const auto reading = read(k_started + message(1, "a", "c1") + message(1, "a", "c2"));
  const auto messages = reading.sink.all<model::MessageCreated>();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].conversation_id == "c1");
  CHECK(messages[1].conversation_id == "c2");
}

TEST_CASE("a started event carries the name of its format unless it has one") {
  const auto reading = read(k_started);
  REQUIRE(reading.sink.events.size() == 1);
  CHECK(std::get<model::ConversationStarted>(reading.sink.events[0].body).source_format ==
        "agentpipe-events");
}

TEST_CASE("an event comes out with its line, before the next line is there") {
  test::RecordingSink sink;
  const auto reader = formats::find_format("agentpipe-events")->open({"", test::k_arrived});
  formats::LineSplitter splitter(*reader, sink);
  for (int number = 1; number <= 3; ++number) {
    splitter.feed(message(number, "live"));
    CHECK(sink.events.size() == static_cast<std::size_t>(number));
  }
}

TEST_CASE("CR LF, a byte order mark, a last line without LF and broken bytes are all read") {
  auto first = k_started;
  first.insert(first.size() - 1, "\r");
  auto last = message(1, "NUL \xFF end");
  last[last.find("NUL")] = '\0';
  last.pop_back();
  const auto reading = read("\xEF\xBB\xBF" + first + last);
  CHECK(reading.sink.problems.empty());
  const auto messages = reading.sink.all<model::MessageCreated>();
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].content == "\xEF\xBF\xBDUL \xEF\xBF\xBD end");
}

TEST_CASE(
    "a last line that is cut off is left for later while somebody may write, and a problem afterwards") {
  const auto cut = message(2, "two").substr(0, 60);
  const auto read_with = [&](formats::Writer writer, const std::string& end = "") {
    test::RecordingSink sink;
    formats::read_all(k_started + cut + end, {"events.jsonl", test::k_arrived, {}, writer}, nullptr, sink);
    return sink;
  };
  const auto growing = read_with(formats::Writer::present);
  CHECK(growing.skipped_lines(formats::Skip::unfinished) == LineNumbers{2});
  CHECK(growing.problems.empty());
  CHECK(read_with(formats::Writer::gone).problems.size() == 1);
  CHECK(read_with(formats::Writer::present, "\n").problems.size() == 1);
  CHECK(read(k_started + cut + "\n" + message(3, "three")).sink.problems.size() == 1);
}
