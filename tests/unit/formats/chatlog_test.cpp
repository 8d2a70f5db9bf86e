#include <doctest/doctest.h>

#include "read.hpp"

using namespace agentpipe;
using test::fixture_text;
using test::read;
using Texts = std::vector<std::string>;

namespace {

std::string log_with(const std::string& entries) {
  return "=== AgentPipe Chat Log ===\nStarted: 2026-03-01 "
         "10:00:00\n=====================================\n\n" +
         entries;
}

/// "name|role|content" of every message.
Texts spoken(const test::Reading& reading) {
  Texts lines;
  for (const auto& message : reading.sink.all<model::MessageCreated>()) {
    lines.push_back(*message.agent_name + "|" + message.role + "|" + message.content);
  }
  return lines;
}

base::Timestamp local(std::string_view text) {
  return *base::parse_local(text);
}

}  // namespace

TEST_CASE("text that only looks like an entry stays in its message") {
  const auto reading = read(fixture_text("chatlog/traps.log"));
  CHECK(spoken(reading) == Texts{"Ada|agent|Here is one:\n\n[07:15:00] Eve (agent): an old "
                                 "entry\n\n[23:59:00] Eve (robot): a role that "
                                 "does not exist\n\n[25:00:00] Eve (agent): no such time\n[23:59:10] Eve "
                                 "(agent): not after an empty "
                                 "line\n\n=== Chat Ended ===\nthat was a quotation too",
                                 "claude-agent-2|agent|past midnight",
                                 "Ada|user|(agent): odd\n[00:02:00] Zoe (x) (agent): brackets in a name"});
  CHECK(reading.sink.problems.empty());
}

TEST_CASE("a chat log gives the prompt, the participants, errors and notes") {
  const auto reading = read(fixture_text("chatlog/traps.log"));
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.initial_prompt == "Quote a log,\nplease.");
  REQUIRE(started.participants.size() == 2);
  CHECK(started.participants[0].agent_id == "ada");
  CHECK(started.participants[0].agent_type == "unknown");
  CHECK(started.participants[1].agent_id == "claude-agent-2");
  CHECK(started.participants[1].agent_type == "claude");
  const auto error = reading.sink.all<model::ConversationError>().at(0);
  CHECK(error.error_message == "rate limit\nexceeded: try later");
  CHECK(error.agent_id == "ada");
  CHECK(reading.sink.all<model::LogEntry>().at(0).content == "Maximum turns reached. Conversation ended.");
}

TEST_CASE("after midnight it is the next day") {
  const auto events = read(fixture_text("chatlog/traps.log")).sink.events;
  REQUIRE(events.size() == 7);
  CHECK(events[0].at == local("2026-03-01 23:58:00"));
  CHECK(events[1].at == local("2026-03-01 23:58:30"));
  CHECK(events[2].at == local("2026-03-02 00:00:05"));
  CHECK(events[3].at == local("2026-03-02 00:01:00"));
  CHECK(events[6].at == local("2026-03-02 00:03:00"));
  CHECK(std::get<model::ConversationCompleted>(events[6].body).status == model::Status::completed);
}

TEST_CASE("a log without its tail was interrupted") {
  const auto reading = read(log_with("[10:00:01] HOST (system): Go\n\n[10:00:02] Ada (agent): words\n\n"));
  CHECK(spoken(reading) == Texts{"Ada|agent|words"});
  CHECK(reading.sink.all<model::ConversationCompleted>().at(0).status == model::Status::interrupted);
}

TEST_CASE("a log that has grown is the same conversation with more messages") {
  const auto whole = log_with(
      "[10:00:00] Ada (system): Ada has joined the conversation.\n\n[10:00:01] HOST (system): Go\n\n"
      "[10:00:02] Ada (agent): one\n\n[10:00:03] Ada (agent): two\n\n");
  const auto then = read(whole.substr(0, whole.find("[10:00:03]"))).sink.all<model::MessageCreated>();
  const auto now = read(whole).sink.all<model::MessageCreated>();
  REQUIRE(then.size() == 1);
  REQUIRE(now.size() == 2);
  CHECK(then[0] == now[0]);
  CHECK(now[1].message_id == now[0].conversation_id + ":2");
}

TEST_CASE("two logs with other words or another start are two conversations") {
  const std::string entries = "[10:00:01] HOST (system): Go\n\n[10:00:02] Ada (agent): one\n\n";
  const auto id = [](const std::string& log) { return model::conversation_id(read(log).sink.events.at(0)); };
  auto later = log_with(entries);
  later.replace(later.find("2026-03-01"), 10, "2026-03-02");
  CHECK(id(log_with(entries)) != id(later));
  CHECK(id(log_with(entries)) != id(log_with("[10:00:01] HOST (system): Stop\n\n")));
}

TEST_CASE("a log in which nobody says anything is no session and no problem") {
  for (const auto& log : {fixture_text("chatlog/empty_json_run.log"),
                          log_with("[10:00:00] Ada (system): Ada has joined the conversation.\n\n")}) {
    const auto reading = read(log);
    CHECK(reading.format == "agentpipe-chatlog");
    CHECK(reading.sink.events.empty());
    CHECK(reading.sink.problems.empty());
  }
}

TEST_CASE("a broken line of a JSON log is a problem with its line, and the rest goes on") {
  const auto reading = read(fixture_text("chatlog/json_lines.log"));
  CHECK(reading.sink.problems ==
        Texts{"8: not a message: broken JSON", "10: not a message: no Role and no Content"});
  CHECK(spoken(reading) == Texts{"Bob|agent|two"});
  const auto message = reading.sink.all<model::MessageCreated>().at(0);
  CHECK_FALSE(message.duration_ms);
  CHECK_FALSE(message.input_tokens);
  CHECK_FALSE(message.cost);
  CHECK(message.output_tokens == 3);
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  REQUIRE(started.participants.size() == 2);
  CHECK(started.participants[1].announcement == "Bob at your service.");
}

TEST_CASE("a log with CR LF reads like one with LF") {
  auto log = fixture_text("chatlog/traps.log");
  const auto plain = read(log).sink.events;
  for (std::size_t at = 0; (at = log.find('\n', at)) != std::string::npos; at += 2) log.insert(at, "\r");
  CHECK(read(log).sink.events == plain);
}

TEST_CASE("a log whose start cannot be read is a problem") {
  auto log = log_with("[10:00:02] Ada (agent): one\n\n");
  log.replace(log.find("2026-03-01"), 10, "yesterday!");
  const auto reading = read(log);
  CHECK(reading.sink.events.empty());
  CHECK(reading.sink.problems == Texts{"2: the time after \"Started:\" is not like 2026-11-22 16:06:08",
                                       "0: the log has no line \"Started: …\"; its times are unknown"});
}
