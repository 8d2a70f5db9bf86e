#include <doctest/doctest.h>

#include "read.hpp"

using namespace agentpipe;

namespace {

std::string recognised(std::string_view head) {
  const auto* format = formats::recognise(head, {"x.txt", test::k_arrived});
  return format == nullptr ? "" : std::string(format->name);
}

}  // namespace

TEST_CASE("formats are told apart by their keys") {
  CHECK(recognised(R"({"type":"bridge.connected","timestamp":"2026-01-05T08:00:00Z","data":{}})") ==
        "agentpipe-events");
  CHECK(recognised("loading…\n{\"data\":{},\"type\":\"message.created\"}\n") == "agentpipe-events");
  CHECK(recognised("\xEF\xBB\xBF=== AgentPipe Chat Log ===\r\nStarted: ") == "agentpipe-chatlog");
  CHECK(recognised(R"({"version":"1.0","saved_at":"x","messages":[]})") == "agentpipe-state");
  CHECK(recognised(R"({"config":{"Agents":[]},"messages":[{"AgentID":"a"}],"metadata":{}})") ==
        "agentpipe-state");
  CHECK(recognised("{\n  \"exported_at\": \"x\",\n  \"messages\": [\n    {\n      \"AgentID\"") ==
        "agentpipe-export");
  CHECK(recognised(R"({"title":"t","exported_at":"x","messages":[]})") == "agentpipe-export");
  CHECK(recognised(R"({"conversation":{"id":"x"},"agents":[],"messages":[]})") == "session-upload");
  CHECK(recognised(R"({"session":{"name":"x"},"participants":[],"messages":[]})") == "session-upload");
}

TEST_CASE("sessions of agents are told by the keys of their records") {
  CHECK(recognised(R"({"type":"user","message":{"role":"user"},"sessionId":"x"})") == "claude-code");
  CHECK(recognised(R"({"type":"summary","summary":"x","leafUuid":"y"})") == "claude-code");
  CHECK(recognised("{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"x\"}") ==
        "claude-code-stream");
  CHECK(recognised(R"({"type":"result","session_id":"x","result":"y"})") == "claude-code-stream");
  CHECK(recognised(R"([{"type":"system","subtype":"init","session_id":"x","tools":[)") ==
        "claude-code-stream");
  CHECK(recognised(R"({"timestamp":"x","type":"session_meta","payload":{}})") == "codex");
  CHECK(recognised("starting\n{\"type\":\"thread.started\",\"thread_id\":\"x\"}\n") == "codex-exec");
  CHECK(recognised(R"({"sessionId":"x","projectHash":"y","startTime":"z"})") == "gemini");
  CHECK(recognised("{\n \"sessionId\": \"x\",\n \"projectHash\": \"y\",\n \"messages\": [") == "gemini-json");
  CHECK(recognised(R"({"type":"session.start","data":{"sessionId":"x"},"id":"y","timestamp":"z"})") ==
        "copilot");
  CHECK(recognised(R"({"type":"session.start","payload":{}})") == "");
  CHECK(recognised(R"({"role":"user","message":{"content":[]}})") == "cursor");
  CHECK(recognised("user:\n<user_query>\nHello") == "cursor-text");
  CHECK(recognised("user:\nHello") == "");
  CHECK(recognised(R"({"type":"init","timestamp":"t","session_id":"x","model":"m"})") == "gemini-stream");
}

TEST_CASE("a chat history of Aider is told by its first session, or by its name") {
  CHECK(recognised("\n# aider chat started at 2024-08-05 19:33:02\n\n") == "aider");
  CHECK(recognised("# aider chat started at noon\n") == "");
  const auto* format = formats::recognise("> hello", {".aider.chat.history.md", test::k_arrived});
  REQUIRE(format != nullptr);
  CHECK(format->name == "aider");
}

TEST_CASE("exports and plain chats are told by the keys of their first conversation") {
  CHECK(recognised("[\n {\"title\": \"x\", \"create_time\": 1, \"mapping\": {") == "chatgpt");
  CHECK(recognised(R"([{"uuid":"x","name":"y","chat_messages":[)") == "claude-ai");
  CHECK(recognised(R"({"conversations":[{"from":"human","value":"x"}]})") == "sharegpt");
  CHECK(recognised(R"([{"conversation":[{"human":"x","assistant":"y"}]}])") == "sharegpt");
  CHECK(recognised(R"({"messages":[{"role":"user","content":"x"}]})") == "openai-messages");
  CHECK(recognised(R"([[{"role":"user","content":"x"}]])") == "openai-messages");
  CHECK(recognised(R"({"conversations":[]})") == "");
}

TEST_CASE("what is none of ours is not taken for one") {
  CHECK(recognised("") == "");
  CHECK(recognised("hello\n") == "");
  CHECK(recognised("{}") == "");
  CHECK(recognised("[]") == "");
  CHECK(recognised(R"({"type":"event_msg","data":{}})") == "");
  CHECK(recognised(R"({"note":"\"type\":\"message.created\",\"data\":{}"})") == "");
  CHECK(recognised("=== Chat Log ===\n") == "");
  CHECK(recognised(std::string(70'000, '[')) == "");
  CHECK(recognised(std::string(70'000, '{')) == "");
}

TEST_CASE("names of formats find their rows, and only they") {
  for (const auto& format : formats::all_formats()) CHECK(formats::find_format(format.name) == &format);
  CHECK(formats::find_format("nothing") == nullptr);
}

TEST_CASE("an empty input and an unknown one are problems") {
  CHECK(test::read("").sink.problems == std::vector<std::string>{"0: empty: there is nothing in it"});
  const auto reading = test::read("hello\n");
  CHECK(reading.sink.problems == std::vector<std::string>{"0: no known format"});
  CHECK(reading.format.empty());
}
