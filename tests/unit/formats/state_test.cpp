#include <doctest/doctest.h>

#include "agentpipe/model/codec.hpp"
#include "read.hpp"

using namespace agentpipe;
using test::fixture_text;
using test::read;
using Texts = std::vector<std::string>;

namespace {

base::Timestamp at(std::string_view text) {
  return *base::parse_rfc3339(text);
}

}  // namespace

TEST_CASE("nothing of a state's configuration leaves but mode, prompt, turns and the agents' own facts") {
  for (const auto& event : read(fixture_text("state/secrets.json")).sink.events) {
    CHECK(model::encode_event(event).find("hidden") == std::string::npos);
  }
}

TEST_CASE("a state becomes a session") {
  const auto reading = read(fixture_text("state/secrets.json"));
  CHECK(reading.sink.problems == Texts{"0: messages[2] is no message: no Role and no Content"});
  CHECK(reading.sink.types() == Texts{"conversation.started", "message.created", "message.created",
                                      "log.entry", "message.created", "conversation.completed"});
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.mode == "reactive");
  CHECK_FALSE(started.max_turns);
  REQUIRE(started.participants.size() == 4);
  CHECK(started.participants[0].announcement == "Ready when you are.");
  CHECK(started.participants[1].agent_id == "claude-1");
  CHECK(started.participants[2].agent_id == "claude-1-2");
  CHECK(started.participants[3].agent_id == "user");
  CHECK(started.participants[3].agent_type == "user");
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages[1].content == "NUL \xEF\xBF\xBD end");
  CHECK(messages[2].role == "user");
  CHECK(messages[2].sequence_number == 3);
}

TEST_CASE("a state's times are those of its messages, not of its saving") {
  const auto events = read(fixture_text("state/secrets.json")).sink.events;
  CHECK(events.front().at == at("2026-03-01T10:00:00Z"));
  CHECK(events[2].at == at("2026-03-01T10:00:05Z"));  // Timestamp 0: as the message before
  CHECK(events.back().at == at("2026-03-01T10:01:41Z"));
  const auto completed = std::get<model::ConversationCompleted>(events.back().body);
  CHECK(completed.duration_seconds == 101.0);
  CHECK(completed.summary->text == "Short only.");
  CHECK(completed.summary->agent_type == "claude");
}

TEST_CASE("a document that breaks is a problem with the line") {
  const auto whole = fixture_text("state/secrets.json");
  CHECK(read(whole.substr(0, whole.find("first"))).sink.problems ==
        Texts{"7: the JSON ends in the middle; the file is cut off"});
  auto bracket = whole;
  bracket[bracket.find("  ],\n  \"config\"") + 2] = '}';
  CHECK(read(bracket).sink.problems == Texts{"11: a bracket does not match"});
  auto word = whole;
  word.replace(word.find("null"), 4, "nope");
  CHECK(read(word).sink.problems == Texts{"4: the JSON is broken here"});
}

TEST_CASE("a forced format that does not fit is a problem") {
  CHECK(read("{}", "agentpipe-state").sink.problems == Texts{"0: there is no list \"messages\" in it"});
  CHECK(read("hello", "agentpipe-export").sink.problems == Texts{"0: not valid JSON"});
  CHECK(read("hello", "agentpipe-chatlog").sink.problems ==
        Texts{"0: the log has no line \"Started: …\"; its times are unknown"});
}

TEST_CASE("a message that is too long is cut and named") {
  const std::string words(5'000'000, 'x');
  const auto reading = read(
      R"({"exported_at":"x","messages":[{"AgentID":"claude-0","AgentName":"Ada","AgentType":"claude","Content":")" +
      words + R"(","Timestamp":1772359205,"Role":"agent"}]})");
  CHECK(reading.format == "agentpipe-export");
  CHECK(reading.sink.problems == Texts{"1: a message is longer than 4.2 MB and was cut there"});
  CHECK(reading.sink.all<model::MessageCreated>().at(0).content.size() == 4UL << 20U);
}

TEST_CASE("a session document is read back as it was written") {
  const auto events = read(fixture_text("state/secrets.json")).sink.events;
  const auto reading = read(model::encode_upload({events}));
  CHECK(reading.format == "session-upload");
  CHECK(reading.sink.problems.empty());
  CHECK(reading.sink.events == events);
}

TEST_CASE("a session document whose names an event has, too, is read to events that can be read") {
  const auto reading = read(fixture_text("upload/names.json"));
  CHECK(reading.sink.problems.empty());
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "names");
  CHECK(started.participants.at(0).name == "Ada");
  CHECK(started.extra.text == R"({"colour":"blue"})");
  CHECK(reading.sink.all<model::MessageCreated>().at(0).extra.text == R"({"mood":1})");
}

TEST_CASE("a session document without a place of origin is called after its format") {
  const std::string document =
      R"({"session":{"name":"n","mode":"reactive","startedAt":"2026-01-05T08:00:00Z"},"participants":[],"messages":[{"agentType":"claude","content":"x","timestamp":"2026-01-05T08:00:01Z"}]})";
  const auto first = read(document);
  CHECK(first.sink.all<model::ConversationStarted>().at(0).source_format == "session-upload");
  CHECK(first.sink.events == read(document).sink.events);
  const auto broken = read(document.substr(0, document.size() - 9));
  REQUIRE(broken.sink.problems.size() == 1);
  CHECK(broken.sink.problems[0] == "1: the JSON ends in the middle; the file is cut off");
}

TEST_CASE("a duration that no session can have is left out rather than refused by the other end") {
  const auto reading =
      test::read(R"({"version":"1.0","saved_at":"x","messages":[)"
                 R"({"AgentID":"claude-0","Role":"agent","Content":"a","Timestamp":1},)"
                 R"({"AgentID":"claude-0","Role":"agent","Content":"b","Timestamp":1772359200}],)"
                 R"("config":{},"metadata":{"total_duration_ms":9000000000000000}})");
  REQUIRE(reading.sink.all<model::ConversationCompleted>().size() == 1);
  CHECK_FALSE(reading.sink.all<model::ConversationCompleted>().at(0).duration_seconds);
}
