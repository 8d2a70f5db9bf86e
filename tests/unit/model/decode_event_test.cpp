#include <doctest/doctest.h>

#include <string>

#include "agentpipe/base/time.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"
#include "received.hpp"

using namespace agentpipe;
using namespace agentpipe::model;
using test::k_received;

namespace {

std::string envelope(std::string_view type, const std::string& data) {
  return R"({"type":")" + std::string(type) + R"(","timestamp":"2026-01-05T08:00:04.5Z","data":)" + data +
         "}";
}

template <class T>
T decoded(std::string_view type, const std::string& data) {
  const auto event = decode_event(envelope(type, data), k_received);
  REQUIRE_MESSAGE(event.has_value(), (event ? "" : event.error().message));
  REQUIRE(std::holds_alternative<T>(event->body));
  return std::get<T>(event->body);
}

base::Error refused(const std::string& json) {
  const auto event = decode_event(json, k_received);
  REQUIRE_FALSE(event.has_value());
  return event.error();
}

}  // namespace

TEST_CASE("a message comes out with every field and goes back in the same") {
  const std::string data =
      R"({"conversation_id":"c1","message_id":"m-1","agent_id":"claude-0","agent_type":"claude","agent_name":"Ada",)"
      R"("role":"agent","content":"Elbe, Oder\n\"Rhine\"","sequence_number":1,"turn_number":0,"tokens_used":21,)"
      R"("cost":0.0012345,"duration_ms":830,"parts":[{"type":"text","text":"x"}],"custom":{"a":[1,2]}})";
  const auto event = decode_event(envelope("message.created", data), k_received);
  REQUIRE(event);
  CHECK(encode_data(*event) == data);
  CHECK(base::format_rfc3339(event->at) == "2026-01-05T08:00:04.500Z");
  CHECK(decode_event(encode_event(*event), k_received).value() == *event);
  CHECK(decode_data("message.created", event->at, encode_data(*event)).value() == *event);
}

TEST_CASE("a missing or null timestamp becomes the time of arrival") {
  for (const std::string json :
       {R"({"type":"bridge.test","data":{}})", R"({"type":"bridge.test","timestamp":null,"data":{}})"})
    CHECK(decode_event(json, k_received).value().at == k_received);
}

TEST_CASE("timestamps of older clients carry an offset") {
  const auto event =
      decode_event(R"({"type":"bridge.test","timestamp":"2026-01-05T10:00:00+02:00","data":{}})", k_received);
  CHECK(base::format_rfc3339(event.value().at) == "2026-01-05T08:00:00.000Z");
}

TEST_CASE("participants come as participants, as agents, as null or not at all") {
  CHECK(decoded<ConversationStarted>("conversation.started", R"({"conversation_id":"c","participants":null})")
            .participants.empty());
  CHECK(decoded<ConversationStarted>("conversation.started", R"({"conversation_id":"c"})")
            .participants.empty());
  const auto old = decoded<ConversationStarted>(
      "conversation.started",
      R"({"conversation_id":"c","agents":[{"agent_type":"claude"},{"agent_type":"claude","name":"B"}]})");
  REQUIRE(old.participants.size() == 2);
  CHECK(old.participants[0].agent_id == "claude-0");
  CHECK(old.participants[1].agent_id == "claude-1");
  const auto both = decoded<ConversationStarted>(
      "conversation.started",
      R"({"conversation_id":"c","agents":[],"participants":[{"agentId":"g-7","agentName":"Gem"}]})");
  REQUIRE(both.participants.size() == 1);
  CHECK(both.participants[0].agent_id == "g-7");
  CHECK(both.participants[0].agent_type == "g");
  CHECK(both.participants[0].name == "Gem");
}

TEST_CASE("two participants with one id stay two") {
  const auto started = decoded<ConversationStarted>(
      "conversation.started",
      R"({"conversation_id":"c","participants":[{"agent_id":"a","agent_type":"x"},{"agent_id":"a"}]})");
  CHECK(started.participants[0].agent_id == "a");
  CHECK(started.participants[1].agent_id == "a.2");
}

TEST_CASE("an id that is made for a participant is no longer than one that is given") {
  const std::string longest(k_max_label, 'x');
  const auto started = decoded<ConversationStarted>(
      "conversation.started", R"({"conversation_id":"c","agents":[{"agent_id":")" + longest +
                                  R"("},{"agent_id":")" + longest + R"("},{"agent_type":")" + longest +
                                  "\"}]}");
  CHECK(started.participants[1].agent_id == std::string(k_max_label - 2, 'x') + ".2");
  CHECK(started.participants[2].agent_id == std::string(k_max_label - 2, 'x') + "-2");
}

TEST_CASE("a key without a name is one that we do not know") {
  CHECK(decoded<BridgeTest>("bridge.test", R"({"":5})").extra.text == R"({"":5})");
}

TEST_CASE("camelCase keys, nested message and metrics are understood") {
  const auto message = decoded<MessageCreated>(
      "message.created",
      R"({"conversationId":"c","message":{"agentId":"gemini-1","agentType":"gemini","agentName":"G","content":"hi",)"
      R"("sequenceNumber":3,"metrics":{"duration":12,"inputTokens":4,"outputTokens":5,"totalTokens":9,"model":"m","cost":0.5}}})");
  CHECK(message.conversation_id == "c");
  CHECK(message.agent_id == "gemini-1");
  CHECK(message.content == "hi");
  CHECK(message.sequence_number == 3);
  CHECK(message.duration_ms == 12);
  CHECK(message.tokens_used == 9);
  CHECK(message.cost == 0.5);
  CHECK(message.extra.empty());
}

TEST_CASE("a conversation without an id gets the same one each time it is sent") {
  const std::string data = R"({"mode":"reactive","initialPrompt":"p"})";
  const auto first = decoded<ConversationStarted>("conversation.started", data).conversation_id;
  CHECK(first.starts_with("c-"));
  CHECK(decoded<ConversationStarted>("conversation.started", data).conversation_id == first);
  CHECK(decoded<ConversationStarted>("conversation.started", R"({"mode":"reactive","initialPrompt":"q"})")
            .conversation_id != first);
}

TEST_CASE("a message without an id gets one from what it says") {
  const std::string data = R"({"conversation_id":"c","agent_type":"a","content":"x"})";
  const auto id = decoded<MessageCreated>("message.created", data).message_id;
  CHECK(decoded<MessageCreated>("message.created", data).message_id == id);
  CHECK(
      decoded<MessageCreated>("message.created", R"({"conversation_id":"c","agent_type":"a","content":"y"})")
          .message_id != id);
}

TEST_CASE("a summary comes as an object with numbers missing, under older names, or as a plain text") {
  const auto summary = [](const std::string& json) {
    return decoded<ConversationCompleted>("conversation.completed",
                                          R"({"conversation_id":"c","summary":)" + json + "}")
        .summary;
  };
  CHECK(summary(R"({"short_text":"s","text":"t","agent_type":"gemini"})")->text == "t");
  CHECK(summary(R"({"short_summary":"s","summary":"t"})")->short_text == "s");
  CHECK(summary(R"({"short_summary":"s","summary":"t"})")->text == "t");
  CHECK(summary(R"("plain")")->text == "plain");
  CHECK_FALSE(summary("null"));
}

TEST_CASE("states are accepted in any case and under other names") {
  const auto status = [](const std::string& word) {
    return decoded<ConversationCompleted>("conversation.completed",
                                          R"({"conversation_id":"c","status":")" + word + R"("})")
        .status;
  };
  CHECK(status("completed") == Status::completed);
  CHECK(status("INTERRUPTED") == Status::interrupted);
  CHECK(status("cancelled") == Status::interrupted);
  CHECK(status("error") == Status::error);
}

TEST_CASE("event names of the documentation map to ours") {
  CHECK(decoded<ConversationCompleted>("conversation.interrupted", R"({"conversationId":"c","reason":"x"})")
            .status == Status::interrupted);
  const auto error = decoded<ConversationError>("error.occurred",
                                                R"({"conversationId":"c","error":"boom","errorCode":"E1"})");
  CHECK(error.error_message == "boom");
  CHECK(error.error_type == "E1");
}

TEST_CASE("escaped NUL and lone surrogates become the replacement character, pairs stay") {
  const auto message = decoded<MessageCreated>(
      "message.created",
      R"({"conversation_id":"c","agent_type":"a","content":"a\u0000b\ud800c\\u0000\ud83d\ude00\udc00"})");
  CHECK(message.content ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD"
        "c\\u0000\xF0\x9F\x98\x80\xEF\xBF\xBD");
}

TEST_CASE("bad input is refused with the place and a stable word") {
  struct Row {
    std::string json, field, reason;
  };
  for (const auto& row : {
           Row{"", "", "invalid_json"},
           Row{"{", "", "invalid_json"},
           Row{"[]", "", "wrong_type"},
           Row{"\"\xff\"", "", "invalid_utf8"},
           Row{R"({"data":{}})", "type", "required"},
           Row{R"({"type":"message.created"})", "data", "required"},
           Row{R"({"type":"bridge.test","data":{},"data":{}})", "data", "duplicate_key"},
           Row{R"({"type":"no.such","data":{}})", "type", "unknown_type"},
           Row{R"({"type":"bridge.test","timestamp":"yesterday","data":{}})", "timestamp", "bad_timestamp"},
           Row{R"({"type":"bridge.test","timestamp":"9999-01-01T00:00:00Z","data":{}})", "timestamp",
               "bad_timestamp"},
           Row{envelope("message.created", R"({"agent_type":"a","content":"x"})"), "data.conversation_id",
               "required"},
           Row{envelope("message.created", R"({"conversation_id":"../x","content":"x"})"),
               "data.conversation_id", "bad_id"},
           Row{envelope("message.created", R"({"conversation_id":"c","content":7})"), "data.content",
               "wrong_type"},
           Row{envelope("message.created", R"({"conversation_id":"c","cost":-5})"), "data.cost",
               "out_of_range"},
           Row{envelope("message.created", R"({"conversation_id":"c","tokens_used":-1})"), "data.tokens_used",
               "out_of_range"},
           Row{envelope("message.created", R"({"conversation_id":"c","tokens_used":9007199254740993})"),
               "data.tokens_used", "out_of_range"},
           Row{envelope("message.created", R"({"conversation_id":"c","content":"x","content":"y"})"),
               "data.content", "duplicate_key"},
           Row{envelope("message.created", R"({"conversation_id":"c","z":1,"z":2})"), "data.z",
               "duplicate_key"},
           Row{envelope("conversation.started", R"({"conversation_id":"c","participants":[{"name":1}]})"),
               "data.participants[0].name", "wrong_type"},
           Row{envelope("conversation.completed", R"({"conversation_id":"c","status":"done"})"),
               "data.status", "bad_status"},
           Row{std::string(100, '[') + std::string(100, ']'), "", "too_deep"},
       }) {
    CAPTURE(row.json);
    const auto error = refused(row.json);
    CHECK(error.field == row.field);
    CHECK(error.reason == row.reason);
  }
}

TEST_CASE("content may be as long as the limit and not a byte longer") {
  const auto with = [](std::size_t length) {
    return envelope("message.created",
                    R"({"conversation_id":"c","content":")" + std::string(length, 'x') + R"("})");
  };
  CHECK(decode_event(with(k_max_content), k_received).has_value());
  CHECK(refused(with(k_max_content + 1)).code == base::ErrorCode::too_large);
}

TEST_CASE("a prompt that is too long is cut, not refused") {
  const auto started =
      decoded<ConversationStarted>("conversation.started", R"({"conversation_id":"c","initial_prompt":")" +
                                                               std::string(k_max_text + 5, 'x') + R"("})");
  CHECK(started.initial_prompt.size() == k_max_text);
}
