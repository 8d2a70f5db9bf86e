#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "agent_reading.hpp"
#include "agentpipe/base/text.hpp"
#include "temporary_directory.hpp"

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

/// What a run prints, where its tool keeps the session in that file.
test::Reading read_piped(std::string_view output, std::string_view source, std::string_view session,
                         const std::vector<std::filesystem::path>& files,
                         base::Timestamp arrived = test::k_arrived) {
  formats::Origin origin{"", arrived};
  origin.session_files = [=](std::string_view of, std::string_view id) {
    return of == source && id == session ? files : std::vector<std::filesystem::path>{};
  };
  return test::read_from(output, origin);
}

/// "id tokens", of messages that come again with " again".
std::vector<std::string> accounts_of(const test::Reading& reading) {
  std::vector<std::string> lines;
  for (const auto& message : reading.sink.all<model::MessageCreated>()) {
    const auto* again = message.metadata.text == model::k_account_again ? " again" : "";
    lines.push_back(message.message_id + " " + std::to_string(message.tokens_used.value_or(0)) + again);
  }
  return lines;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

TEST_CASE("claude prints answers before it knows what they used: the session's file tells that afterwards") {
  auto output = test::file_text(test::fixture("claude-stream/same_run.jsonl"));
  for (const auto* known : {R"("output_tokens":120})", R"("output_tokens":20})"})
    output = replaced(std::move(output), known, R"("output_tokens":1})");
  const std::vector files{test::fixture("claude-code/same_run.jsonl")};
  const auto reading = read_piped(output, "claude-code", "s-7", files);
  const std::vector<std::string> told{"u-1 0",      "msg_1 3005",       "result-toolu_1 0",
                                      "msg_2 3011", "msg_1 3124 again", "msg_2 3030 again"};
  CHECK(accounts_of(reading) == told);
  CHECK(reading.sink.all<model::ConversationUpdated>().at(0).name == "Is the cart fine?");
  // Of a run that was printed long after it, the prompt there may be another one's.
  const auto late = test::k_arrived + std::chrono::days(365);
  CHECK(accounts_of(read_piped(output, "claude-code", "s-7", files, late)) ==
        std::vector<std::string>(told.begin() + 1, told.end()));
}

TEST_CASE("claude prints the calls of subagents without their words: those come from their files") {
  const auto output = test::file_text(test::fixture("claude-stream/run.jsonl"));
  const auto kept = test::fixture("claude-code/subagents/agent-77aa.jsonl");
  const auto less = replaced(output, R"({"type":"text","text":"Four files."})",
                             R"({"type":"tool_use","id":"toolu_11","name":"Bash","input":{}})");
  REQUIRE(less != output);
  const auto reading = read_piped(less, "claude-code", "s-1", {kept});
  test::check_tells(read_file("claude-code/subagents/agent-77aa.jsonl"), reading);
  CHECK(test::by_id(read_piped(less, "claude-code", "s-0", {kept})).at("msg_g").content == "**Bash**");
}

TEST_CASE(
    "codex exec goes on with a session that was taken back: its messages are those of the newest part") {
  const test::TemporaryDirectory folder;
  const auto rollout = folder.path() / "rollout-c-7_p-2.jsonl";
  auto text = test::file_text(test::fixture("codex/same_run.jsonl"));
  constexpr std::string_view k_id = R"("id":"c-7",)";
  text.insert(text.find(k_id), R"("history_base":{"thread_id":"c-7","end_ordinal_exclusive":9},)");
  std::ofstream(rollout) << text;
  const auto file = test::read(text);
  const auto output =
      read_piped(test::file_text(test::fixture("codex-exec/same_run.jsonl")), "codex", "c-7", {rollout});
  const auto kept = test::by_id(file);
  CHECK(test::by_id(output).size() == 21);
  for (const auto& [id, message] : test::by_id(output)) CHECK(kept.contains(id));
  CHECK(only_in_first(file, read_file("codex/same_run.jsonl")).size() == ids_of(file).size());
}

TEST_CASE("codex exec prints the total of the session: of a resumed one only this turn counts") {
  const test::TemporaryDirectory folder;
  const auto rollout = folder.path() / "rollout.jsonl";
  const auto count = [](int input, int output) {
    return R"({"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":)" +
           std::to_string(input) + R"(,"cached_input_tokens":0,"output_tokens":)" + std::to_string(output) +
           "}}}}\n";
  };
  const std::string begin = R"({"type":"event_msg","payload":{"type":"task_started"}})"
                            "\n"
                            R"({"type":"turn_context","payload":{"model":"gpt-5"}})"
                            "\n";
  std::ofstream(rollout) << begin << count(100, 10) << begin << count(200, 20) << count(350, 35) << begin
                         << count(500, 50);
  const auto run = [&](int input, int output, const char* session) {
    const auto printed = R"({"type":"thread.started","thread_id":"c-9"})"
                         "\n"
                         R"({"type":"item.completed","item":{"type":"agent_message","text":"Done."}})"
                         "\n"
                         R"({"type":"turn.completed","usage":{"input_tokens":)" +
                         std::to_string(input) + R"(,"cached_input_tokens":0,"output_tokens":)" +
                         std::to_string(output) + "}}\n";
    return read_piped(printed, "codex", session, {rollout});
  };
  CHECK(test::sum(run(350, 35, "c-9")) == formats::Usage{.input = 250, .output = 25});
  CHECK(test::sum(run(100, 10, "c-9")) == formats::Usage{.input = 100, .output = 10});
  CHECK(test::sum(run(600, 60, "c-9")) == formats::Usage{.input = 250, .output = 25});  // not written yet
  CHECK(test::sum(run(350, 35, "c-8")) == formats::Usage{.input = 350, .output = 35});  // another's file
  const auto told = run(500, 50, "c-9").sink.all<model::MessageCreated>().at(0);
  CHECK(told.model == "gpt-5");
  CHECK(told.cost);

  // A fork that leaves its history where it is.
  std::ofstream(rollout)
      << R"({"type":"session_meta","payload":{"id":"c-9","history_base":{"thread_id":"c-8"}}})"
      << "\n"
      << begin
      << R"({"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":700,)"
         R"("output_tokens":70},"last_token_usage":{"input_tokens":200,"output_tokens":20}}}})"
      << "\n";
  CHECK(test::sum(run(700, 70, "c-9")) == formats::Usage{.input = 200, .output = 20});
}

TEST_CASE("codex exec --json and its rollout are one session: texts, calls, results and plans once") {
  const auto output = read_file("codex-exec/same_run.jsonl");
  const auto file = read_file("codex/same_run.jsonl");
  CHECK(output.format == "codex-exec");
  CHECK(only_in_first(output, file) == std::vector<std::string>{});
  CHECK(ids_of(output).size() == 20);
  CHECK(ids_of(file).size() == 20 + 4);  // the prompt, and results that standard output does not show
  CHECK(test::sum(output) == test::sum(file));
  CHECK(test::tools(output) == std::pair<std::size_t, std::size_t>{10, 7});
  CHECK(test::tools(file) == std::pair<std::size_t, std::size_t>{11, 10});
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

TEST_CASE("opencode run --format json and the session that it keeps are one: answers with tokens and costs") {
  const auto output = read_file("opencode/run.jsonl");
  const auto kept = read_file("opencode/same_run.json");
  CHECK(output.format == "opencode-stream");
  CHECK(kept.format == "opencode-export");
  CHECK(test::lines_of(output) ==
        std::vector<std::string>{"msg_2 assistant opencode: I look.", "msg_3 assistant opencode: One file."});
  test::check_tells(output, kept);
  CHECK(only_in_first(output, kept) == std::vector<std::string>{});
  CHECK(output.sink.all<model::ConversationError>().at(0).error_message == "no credit");
  CHECK(output.sink.skipped_lines(formats::Skip::unfinished).size() == 1);
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
