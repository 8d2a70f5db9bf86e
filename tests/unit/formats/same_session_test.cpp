#include <doctest/doctest.h>

#include <set>

#include "agent_reading.hpp"

using namespace agentpipe;
using test::read_file;

namespace {

/// "conversation message" of every message.
std::multiset<std::string> ids_of(const test::Reading& reading) {
  std::multiset<std::string> ids;
  for (const auto& message : reading.sink.all<model::MessageCreated>())
    ids.insert(message.conversation_id + " " + message.message_id);
  return ids;
}

/// What standard output told and the file did not.
std::vector<std::string> only_in_first(const test::Reading& output, const test::Reading& file) {
  const auto told = ids_of(output), kept = ids_of(file);
  std::vector<std::string> alone;
  std::set_difference(told.begin(), told.end(), kept.begin(), kept.end(), std::back_inserter(alone));
  return alone;
}

}  // namespace

TEST_CASE("codex exec --json and its rollout are one session: texts, calls, results and plans once") {
  const auto output = read_file("codex-exec/same_run.jsonl");
  const auto file = read_file("codex/same_run.jsonl");
  CHECK(output.format == "codex-exec");
  CHECK(only_in_first(output, file) == std::vector<std::string>{});
  CHECK(ids_of(output).size() == 14);
  CHECK(ids_of(file).size() == 14 + 4);  // the prompt, and results that standard output does not show
  CHECK(test::sum(output) == test::sum(file));
  CHECK(test::tools(output) == std::pair<std::size_t, std::size_t>{7, 4});
  CHECK(test::tools(file) == std::pair<std::size_t, std::size_t>{8, 7});
}

TEST_CASE(
    "gemini's stream-json and its session file are one session with the same tokens on the same message") {
  const auto output = read_file("gemini-stream/same_run.jsonl");
  const auto file = read_file("gemini/same_run.jsonl");
  CHECK(output.format == "gemini-stream");
  CHECK(file.format == "gemini");
  CHECK(ids_of(output) == ids_of(file));
  CHECK(ids_of(file).size() == 9);
  const auto told = test::by_id(output), kept = test::by_id(file);
  for (const auto& [id, message] : told) CHECK(kept.at(id).tokens_used == message.tokens_used);
  CHECK(test::sum(file) == formats::Usage{.input = 1200, .cache_read = 2300, .output = 105, .reasoning = 25});
}

TEST_CASE("gemini's json is the last answer of the session file, with the tokens of the turn") {
  const auto output = read_file("gemini-stream/same_run.json");
  const auto file = read_file("gemini/same_run.jsonl");
  CHECK(output.format == "gemini-json");
  CHECK(ids_of(output).size() == 1);
  CHECK(only_in_first(output, file) == std::vector<std::string>{});
  CHECK(test::sum(output) == test::sum(file));
}

TEST_CASE("claude's stream-json and its files are one session, subagents included") {
  const auto output = read_file("claude-stream/run.jsonl");
  const auto file = read_file("claude-code/session.jsonl");
  const auto subagent = read_file("claude-code/subagents/agent-77aa.jsonl");
  CHECK(ids_of(output).size() == 5);
  auto alone = only_in_first(output, file);
  CHECK(alone.size() == 2);
  CHECK(alone == only_in_first(subagent, file));
}

TEST_CASE("claude's stream-json, its json --verbose and its session file are one session") {
  const auto file = read_file("claude-code/same_run.jsonl");
  CHECK(ids_of(file).size() == 4);
  for (const auto* name : {"claude-stream/same_run.jsonl", "claude-stream/same_run_verbose.json"}) {
    CAPTURE(name);
    const auto output = read_file(name);
    CHECK(output.format == "claude-code-stream");
    CHECK(ids_of(output).size() == 3);  // the prompt is not printed
    CHECK(only_in_first(output, file) == std::vector<std::string>{});
    CHECK(test::sum(output) == test::sum(file));
  }
}

TEST_CASE("claude: two runs of one session that end in the same words are two answers") {
  const auto first = read_file("claude-stream/same_run.json");
  CHECK(first.format == "claude-code-stream");
  CHECK(ids_of(first) == ids_of(read_file("claude-stream/same_run.json")));
  const auto run = [](std::string_view uuid) {
    return ids_of(test::read(R"({"type":"result","session_id":"s","result":"Done.","uuid":")" +
                             std::string(uuid) + "\"}\n"));
  };
  CHECK(run("r-1") == run("r-1"));
  CHECK(run("r-1") != run("r-2"));
}

TEST_CASE("what says no time happened when the session's id was made, not now") {
  constexpr std::string_view k_id = "0197b2c0-1800-7000-8000-000000000001";
  const auto reading = test::read(R"({"type":"session_meta","payload":{"id":")" + std::string(k_id) +
                                  R"("}})"
                                  "\n"
                                  R"({"type":"event_msg","payload":{"type":"user_message","message":"Hi"}})"
                                  "\n");
  CHECK(reading.sink.events.at(0).at == base::Timestamp(std::chrono::milliseconds(0x0197b2c01800)));
  const auto other = test::read(R"({"type":"session_meta","payload":{"id":"c-1"}})"
                                "\n"
                                R"({"type":"event_msg","payload":{"type":"user_message","message":"Hi"}})"
                                "\n");
  CHECK(other.sink.events.at(0).at == test::k_arrived);
}
