#include <doctest/doctest.h>

#include <set>

#include "agentpipe/model/codec.hpp"
#include "read.hpp"

using namespace agentpipe;
using test::captured;
using test::read;
using LineNumbers = std::vector<std::uint64_t>;

namespace {

constexpr std::string_view k_state = "state/conversation-20261122-160608.json";
constexpr std::string_view k_events = "events_4fd47e6a-b25b-4013-b651-6a7a675300d1.jsonl";
constexpr std::string_view k_text_log = "chatlog-text/chat_2026-11-22_16-06-08.log";
constexpr std::string_view k_json_log = "chatlog-json/chat_2026-11-22_16-06-08.log";

struct Expected {
  std::string_view file, format;
  std::size_t connected, started, messages, notes, errors, completed;
};

constexpr Expected k_expected[] = {
    {k_events, "agentpipe-events", 1, 2, 6, 0, 2, 2},
    {"stdout-emitter.jsonl", "agentpipe-events", 1, 1, 4, 5, 1, 1},
    {k_state, "agentpipe-state", 0, 1, 4 + 1, 0, 0, 1},
    {"export-bare.json", "agentpipe-export", 0, 1, 5, 0, 0, 1},
    {"export-full.json", "agentpipe-export", 0, 1, 5, 0, 0, 1},
    {k_text_log, "agentpipe-chatlog", 0, 1, 5, 1, 1, 1},
    {k_json_log, "agentpipe-chatlog", 0, 1, 5, 1, 1, 1},
};

bool missing() {
  if (!captured(k_state).empty()) return false;
  MESSAGE("the captured files do not lie beside the checkout");
  return true;
}

std::vector<std::string> contents(const test::Reading& reading) {
  std::vector<std::string> texts;
  for (const auto& message : reading.sink.all<model::MessageCreated>()) texts.push_back(message.content);
  return texts;
}

}  // namespace

TEST_CASE("every captured file of the Go CLI is recognised and counted exactly") {
  if (missing()) return;
  for (const auto& expected : k_expected) {
    CAPTURE(expected.file);
    const auto reading = read(captured(expected.file));
    CHECK(reading.format == expected.format);
    CHECK(reading.sink.all<model::BridgeConnected>().size() == expected.connected);
    CHECK(reading.sink.all<model::ConversationStarted>().size() == expected.started);
    CHECK(reading.sink.all<model::MessageCreated>().size() == expected.messages);
    CHECK(reading.sink.all<model::LogEntry>().size() == expected.notes);
    CHECK(reading.sink.all<model::ConversationError>().size() == expected.errors);
    CHECK(reading.sink.all<model::ConversationCompleted>().size() == expected.completed);
    CHECK(reading.sink.problems.empty());
  }
}

TEST_CASE("exports for people are not taken for sessions") {
  if (missing()) return;
  for (const auto* file :
       {"export-full.html", "export-full.markdown", "export-bare.html", "stdout-emitter.stderr.txt"}) {
    CHECK(read(captured(file)).format.empty());
  }
}

TEST_CASE("captured standard output: copies and diagnostics stay out") {
  if (missing()) return;
  const auto reading = read(captured("stdout-emitter.jsonl"));
  CHECK(reading.sink.skipped_lines(formats::Skip::diagnostic) == LineNumbers{2, 3});
  CHECK(reading.sink.skipped_lines(formats::Skip::twin) == LineNumbers{8, 10, 12, 14});
}

TEST_CASE("captured state: the whole session, and no secret of its configuration") {
  if (missing()) return;
  const auto reading = read(captured(k_state));
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "agentpipe:" + started.conversation_id.substr(10));
  CHECK(started.mode == "round-robin");
  CHECK(started.initial_prompt == "Sort <ints> & friends");
  CHECK(started.max_turns == 10);
  CHECK(started.source_format == "agentpipe-state");
  CHECK(started.metadata.text == R"({"description":"made-up conversation"})");
  REQUIRE(started.participants.size() == 2);
  CHECK(started.participants[0].agent_id == "claude-0");
  CHECK(started.participants[0].agent_type == "claude");
  CHECK(started.participants[0].name == "Ada");
  CHECK(started.participants[0].model == "claude-sonnet-4.5");
  CHECK(started.participants[0].prompt == "You review C++.\nBe brief.");
  CHECK(started.participants[1].model == "gemini-2.5-pro");

  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages[0].message_id == started.conversation_id + ":1");
  CHECK(messages[0].sequence_number == 1);
  CHECK(messages[0].duration_ms == 1234);
  CHECK(messages[0].tokens_used == 41);
  CHECK(messages[0].cost == 0.000375);
  CHECK(messages[0].cost_kind == "estimated");
  CHECK(messages[1].duration_ms == 61005);
  CHECK_FALSE(messages[2].duration_ms);
  CHECK_FALSE(messages[2].tokens_used);
  CHECK_FALSE(messages[2].cost);
  CHECK_FALSE(messages[2].model);
  CHECK(messages[4].role == "user");
  CHECK(reading.sink.events.front().at == *base::parse_rfc3339("2025-01-01T00:00:00Z"));
  CHECK(reading.sink.events[1].at == *base::parse_rfc3339("2025-01-01T00:00:05Z"));
  CHECK(reading.sink.events.back().at == *base::parse_rfc3339("2025-01-01T00:01:12Z"));

  const auto completed = reading.sink.all<model::ConversationCompleted>().at(0);
  CHECK(completed.status == model::Status::completed);
  CHECK(completed.total_messages == 7);
  CHECK(completed.duration_seconds == 75.0);
  REQUIRE(completed.summary);
  CHECK(completed.summary->short_text == "They sorted ints.");
  CHECK(completed.summary->text == "Ada and Grace agreed.");
  CHECK(completed.summary->agent_type == "gemini");
}

TEST_CASE("captured exports: title and totals come along") {
  if (missing()) return;
  const auto full = read(captured("export-full.json"));
  CHECK(full.sink.all<model::ConversationStarted>().at(0).name == "Sorting <b>&</b> 日本語");
  const auto completed = full.sink.all<model::ConversationCompleted>().at(0);
  CHECK(completed.total_messages == 7);
  CHECK(completed.total_tokens == 92);
  CHECK(completed.total_cost == 0.0005175);
}

TEST_CASE(
    "state, exports and JSON chat log of one conversation are one conversation with the same messages") {
  if (missing()) return;
  std::set<std::string> ids;
  const auto messages = read(captured(k_state)).sink.all<model::MessageCreated>();
  for (const auto file :
       {k_state, std::string_view("export-bare.json"), std::string_view("export-full.json"), k_json_log}) {
    const auto reading = read(captured(file));
    ids.insert(reading.sink.all<model::ConversationStarted>().at(0).conversation_id);
    CHECK(reading.sink.all<model::MessageCreated>() == messages);
  }
  CHECK(ids.size() == 1);
}

TEST_CASE("captured text chat log: contents are those of the state, byte for byte") {
  if (missing()) return;
  const auto reading = read(captured(k_text_log));
  CHECK(contents(reading) == contents(read(captured(k_state))));
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.initial_prompt == "Sort <ints> & friends");
  REQUIRE(started.participants.size() == 3);
  CHECK(started.participants[0].name == "Ada");
  CHECK(started.participants[1].name == "Grace \"G\" <b>Höpper</b>");
  CHECK(started.participants[2].name == "Grace");
  const auto error = reading.sink.all<model::ConversationError>().at(0);
  CHECK(error.error_message == "turn timeout");
  CHECK(error.agent_id == "ada");
  CHECK(reading.sink.all<model::LogEntry>().at(0).content == "Maximum turns reached. Conversation ended.");
  CHECK(reading.sink.all<model::ConversationCompleted>().at(0).status == model::Status::completed);
}

TEST_CASE("no event of any captured file carries a key or an endpoint") {
  if (missing()) return;
  for (const auto& expected : k_expected) {
    for (const auto& event : read(captured(expected.file)).sink.events) {
      const auto json = model::encode_event(event);
      for (const auto* secret : {"sk_made_up", "APIKey", "localhost:3000", "CustomSettings", "ChatLogDir"}) {
        CHECK(json.find(secret) == std::string::npos);
      }
    }
  }
}
