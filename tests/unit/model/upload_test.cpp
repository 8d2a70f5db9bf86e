#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agentpipe/model/codec.hpp"
#include "received.hpp"

using namespace agentpipe;
using namespace agentpipe::model;
using test::k_received;

namespace {

Upload decoded(const std::string& document) {
  auto upload = decode_upload(document, k_received);
  REQUIRE_MESSAGE(upload.has_value(), (upload ? "" : upload.error().message));
  return *upload;
}

constexpr auto k_snake = R"({
  "conversation": {"id": "c1", "name": "Rivers", "mode": "reactive", "initial_prompt": "Name three", "started_at": "2026-01-05T08:00:00Z",
    "completed_at": "2026-01-05T08:01:00Z", "status": "COMPLETED", "total_messages": 5, "total_duration": 60000, "colour": "blue"},
  "agents": [{"agent_type": "claude", "agent_name": "Ada"}, {"agent_type": "claude", "agent_name": "Bob"}],
  "messages": [
    {"agent_type": "claude", "agent_name": "Ada", "content": "Elbe", "timestamp": "2026-01-05T08:00:10Z", "mood": 1},
    {"agent_type": "claude", "agent_name": "Bob", "content": "Oder", "timestamp": "2026-01-05T08:00:20Z", "tokens_used": 7}],
  "notes": [{"level": "system", "content": "half time", "timestamp": "2026-01-05T08:00:15Z"}]
})";

}  // namespace

TEST_CASE("an upload becomes the events of its session, notes in their place") {
  const auto upload = decoded(k_snake);
  std::vector<std::string_view> types;
  for (const auto& event : upload.events) types.push_back(type_name(event));
  CHECK(types == std::vector<std::string_view>{"conversation.started", "message.created", "log.entry",
                                               "message.created", "conversation.completed"});
  CHECK(upload.started().participants[0].agent_id == "claude-0");
  CHECK(upload.started().participants[1].agent_id == "claude-1");
  CHECK(upload.started().extra.text == R"({"colour":"blue"})");
  CHECK(std::get<MessageCreated>(upload.events[1].body).extra.text == R"({"mood":1})");
  const auto& completed = std::get<ConversationCompleted>(upload.events.back().body);
  CHECK(completed.total_messages == 5);
  CHECK(completed.duration_seconds == 60.0);
}

TEST_CASE("messages without ids get the same ones each time") {
  const auto first = decoded(k_snake);
  CHECK(first == decoded(k_snake));
  CHECK(message_id(first.events[1]) != message_id(first.events[3]));
}

TEST_CASE("what is written reads back the same") {
  const auto upload = decoded(k_snake);
  CHECK(decoded(encode_upload(upload)) == upload);
}

TEST_CASE("names that mean something else in a document than in an event are not mixed up") {
  Upload upload;
  const auto add = [&](const std::string& type, const std::string& data) {
    const auto event = decode_event(R"({"type":")" + type + R"(","data":)" + data + "}", k_received);
    REQUIRE(event.has_value());
    upload.events.push_back(*event);
  };
  add("conversation.started", R"({"conversation_id":"c","mode":"m","id":"d","status":7,"colour":"blue"})");
  add("message.created",
      R"({"conversation_id":"c","message_id":"n","content":"x","timestamp":7,"type":[],"mood":1})");
  add("log.entry", R"({"conversation_id":"c","content":"y","timestamp":null,"type":"conversation.error"})");
  const auto back = decoded(encode_upload(upload));
  REQUIRE(back.events.size() == upload.events.size());
  CHECK(encode_data(back.events[0]) ==
        R"({"conversation_id":"c","mode":"m","initial_prompt":"","participants":[],"colour":"blue"})");
  CHECK(
      encode_data(back.events[1]) ==
      R"({"conversation_id":"c","message_id":"n","agent_id":"","agent_type":"agent","role":"agent","content":"x","mood":1})");
  CHECK(type_name(back.events[2]) == "log.entry");
}

TEST_CASE("participants may stand inside the session, too") {
  const auto upload = decoded(R"({"session":{"id":"c","agents":[{"agent_id":"a-0"}],"mood":1}})");
  REQUIRE(upload.started().participants.size() == 1);
  CHECK(upload.started().participants[0].agent_id == "a-0");
  CHECK(upload.started().extra.text == R"({"mood":1})");
  const auto refused = decode_upload(R"({"session":{"participants":{"a":1}}})", k_received);
  REQUIRE(!refused);
  CHECK(refused.error().field == "agents");
}

TEST_CASE("the camelCase shape with session and participants is understood") {
  const auto upload =
      decoded(R"({"session": {"name": "n", "mode": "m", "initialPrompt": "p", "status": "INTERRUPTED",
      "startedAt": "2026-01-05T08:00:00Z"},
    "participants": [{"agentId": "a-0", "agentType": "a", "agentName": "A"}],
    "messages": [{"id": "m1", "agentId": "a-0", "agentName": "A", "content": "x", "timestamp": "2026-01-05T08:00:01Z",
      "metrics": {"totalTokens": 3}}]})");
  CHECK(upload.started().conversation_id.starts_with("up-"));
  CHECK(message_id(upload.events[1]) == "m1");
  CHECK(std::get<MessageCreated>(upload.events[1].body).tokens_used == 3);
  CHECK(std::get<ConversationCompleted>(upload.events[2].body).status == Status::interrupted);
}

TEST_CASE("an active session has no end") {
  const auto upload = decoded(R"({"conversation": {"id": "c", "mode": "m", "status": "ACTIVE"}})");
  CHECK(upload.events.size() == 1);
}

TEST_CASE("a clock that was set back during a session does not make it a bad one") {
  const auto upload = decoded(
      R"({"conversation":{"id":"c","started_at":"2026-01-02T00:00:00Z","completed_at":"2026-01-01T00:00:00Z"}})");
  CHECK(base::format_rfc3339(upload.events.back().at) == "2026-01-01T00:00:00.000Z");
  CHECK(decoded(encode_upload(upload)) == upload);
}

TEST_CASE("a bad document is refused with its place") {
  const auto refused = [](const std::string& document) {
    return decode_upload(document, k_received).error();
  };
  CHECK(refused("{}").field == "conversation");
  CHECK(refused(R"({"conversation":{"id":"a b"}})").field == "conversation.id");
  CHECK(refused(R"({"conversation":{},"messages":[{"content":"x"},{"content":3}]})").field ==
        "messages[1].content");
  CHECK(refused(R"({"conversation":{},"messages":7})").field == "messages");
}
