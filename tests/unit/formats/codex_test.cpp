#include <doctest/doctest.h>

#include "agent_reading.hpp"

using namespace agentpipe;
using test::lines_of;
using test::read;
using test::read_file;
using test::sum;

TEST_CASE("a rollout of Codex becomes one conversation: each text once, tools joined, context left out") {
  const auto reading = read_file("codex/rollout.jsonl");
  CHECK(reading.format == "codex");
  CHECK(reading.sink.problems.empty());
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "codex:c-1");
  CHECK(started.cwd == "/home/ann/shop");
  CHECK(started.git_branch == "main");
  CHECK(started.initial_prompt == "Fix the cart");
  CHECK(started.participants.at(1).cli_version == "0.140.0");
  CHECK(lines_of(reading) ==
        std::vector<std::string>{"- user user: Fix the cart", "- assistant codex: I look at the cart.",
                                 "call-* assistant codex: **shell** `cat cart.ts`",
                                 "result-* tool codex: **Failed**", "call-* assistant codex: **patch**",
                                 "result-* tool codex: ```", "- assistant codex: Done.", "- user user: again",
                                 "- system codex: The turn was interrupted."});
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages.at(1).parts.text ==
        R"([{"type":"thinking","text":"**Looking**"},{"type":"text","text":"I look at the cart."}])");
  CHECK(reading.sink.all<model::ConversationUpdated>().at(0).name == "Cart repair");
  CHECK(reading.sink.all<model::ConversationError>().at(0).error_message == "stream closed");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown).size() == 2);
  CHECK(reading.sink.all<model::ConversationCompleted>().size() == 1);
}

TEST_CASE("ccusage #1288: running totals that are told again count once, and one that shrinks starts anew") {
  const auto reading = read_file("codex/rollout.jsonl");
  const auto messages = reading.sink.all<model::MessageCreated>();
  const auto& last = messages.at(6);
  CHECK(last.content == "Done.");
  CHECK(last.input_tokens == 1100);
  CHECK(last.cache_read_tokens == 1400);
  CHECK(last.output_tokens == 80);
  CHECK(last.reasoning_tokens == 10);
  CHECK(last.tokens_used == 2580);
  CHECK(last.model == "gpt-5.2-codex");
  CHECK(last.cost == doctest::Approx((1100 * 1.75 + 1400 * 0.175 + 80 * 14) / 1e6));
  CHECK(messages.at(8).tokens_used == 105);
  CHECK(sum(reading).total() == 2580 + 105);
}

TEST_CASE("a fork of a rollout leaves its parent's history and tokens out") {
  const auto reading = read_file("codex/fork.jsonl");
  CHECK(lines_of(reading) ==
        std::vector<std::string>{"- user user: Another way", "- assistant codex: Here it is."});
  CHECK(sum(reading).total() == 520);
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "codex:c-2");
  CHECK(started.parent_conversation_id == "codex:c-1");
}

TEST_CASE("turns that another rollout of the run has are left out even when they were stamped later") {
  const auto ledger = std::make_shared<formats::Ledger>();
  read_file("codex/rollout.jsonl", ledger);
  auto bytes = test::fixture_text("codex/fork.jsonl");
  for (auto at = bytes.find("09:00:00.200Z"); at != std::string::npos; at = bytes.find("09:00:00.200Z"))
    bytes.replace(at, 8, "09:00:02");
  formats::Origin origin{"fork.jsonl", test::k_arrived};
  origin.ledger = ledger;
  CHECK(sum(test::read_from(bytes, origin)).total() == 520);
}

TEST_CASE(
    "a subagent says what it was told and did in the second that it was made, but not what was before") {
  const auto reading = read_file("codex/team_child.jsonl");
  CHECK(reading.sink.problems.empty());
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown).empty());
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "codex:01a00000-1000-7000-8000-000000000002");
  CHECK(started.parent_conversation_id == "codex:01a00000-0001-7000-8000-000000000001");
  CHECK(started.name == "count_files");
  CHECK(started.initial_prompt == "Count the files");
  const std::vector<std::string> said{
      "- user /root: Count the files", "- assistant /root/count_files/ls: It is four.",
      "- user /root: What is said here, only the model can read.", "- assistant codex: Four files."};
  CHECK(lines_of(reading) == said);
  CHECK(sum(reading).total() == 1154);

  // One that gets no history: the record of its parent and all of that turn are not there.
  const auto bytes = test::fixture_text("codex/team_child.jsonl");
  const auto history = bytes.find('\n') + 1;
  const auto own = bytes.rfind('\n', bytes.find("-1001-")) + 1;
  const auto alone = bytes.substr(0, history) + bytes.substr(own);
  CHECK(lines_of(read(alone)) == said);
}

TEST_CASE("a fork that leaves its history where it is does not count what that used") {
  const auto reading = read_file("codex/fork_in_place.jsonl");
  CHECK(lines_of(reading) ==
        std::vector<std::string>{"- user user: Go on", "- assistant codex: Done.", "- user user: !ls"});
  CHECK(reading.sink.all<model::MessageCreated>().at(2).content ==
        "!ls\n\n```\nExit code: 0\nOutput:\ncart.ts\n```");
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).parent_conversation_id ==
        "codex:01a00000-0001-7000-8000-000000000001");
  CHECK(sum(reading).total() == 1154);
}

TEST_CASE(
    "a session that was taken back says the same words again in another file: they are other messages") {
  auto bytes = test::fixture_text("codex/fork_in_place.jsonl");
  const auto first = test::by_id(read(bytes));
  constexpr std::string_view k_parent = R"("history_base":{"thread_id":"01a00000-0001-)";
  constexpr std::string_view k_itself = R"("history_base":{"thread_id":"01a00000-2000-)";
  bytes.replace(bytes.find(k_parent), k_parent.size(), k_itself);
  bytes.replace(bytes.find("000000000001\",\"end"), 12, "000000000005");
  const auto again = read(bytes);
  CHECK(lines_of(again).size() == 3);
  CHECK(sum(again).total() == 1154);
  for (const auto& [id, message] : test::by_id(again)) CHECK_FALSE(first.contains(id));
}

TEST_CASE("the oldest rollouts, bare records, are read") {
  CHECK(lines_of(read_file("codex/old_bare.jsonl")) ==
        std::vector<std::string>{"- user user: Hello", "- assistant codex: Hi"});
}

TEST_CASE("tokens without any answer are counted all the same") {
  const auto reading = read(
      R"({"timestamp":"2026-04-01T10:00:00.000Z","type":"turn_context","payload":{"model":"gpt-5"}})"
      "\n"
      R"({"timestamp":"2026-04-01T10:00:01.000Z","type":"event_msg","payload":{"type":"token_count","info":)"
      R"({"total_token_usage":{"input_tokens":1000,"cached_input_tokens":250,"output_tokens":125}}}})"
      "\n");
  CHECK(sum(reading) == formats::Usage{.input = 750, .cache_read = 250, .output = 125});
}

TEST_CASE("standard output of codex exec has the rollout's conversation; each item is told once") {
  const auto run = read_file("codex-exec/run.jsonl");
  CHECK(run.format == "codex-exec");
  CHECK(lines_of(run) ==
        std::vector<std::string>{
            "- assistant codex: I look at the cart.", "call-* assistant codex: **shell** `cat cart.ts`",
            "result-* tool codex: ```", "call-* assistant codex: **patch** `cart.ts`",
            "call-* assistant codex: **db__query** `q=1`", "result-* tool codex: ```",
            "call-* assistant codex: **search** `carts`", "call-* assistant codex: **plan** `[ ] a`",
            "- system codex: one thing failed", "- assistant codex: Done."});
  CHECK(run.sink.all<model::ConversationStarted>().at(0).conversation_id == "codex:c-1");
  CHECK(run.sink.all<model::ConversationError>().at(0).error_message == "quota");
  CHECK(run.sink.all<model::ConversationCompleted>().at(0).status == model::Status::error);
}

TEST_CASE("other tools' rollouts are read without complaint") {
  const auto alpha = test::shared_session("codex/ccusage-session-alpha.jsonl");
  if (alpha.empty()) return;
  const auto counted = read(alpha);
  CHECK(sum(counted) == formats::Usage{.input = 2750, .cache_read = 750, .output = 425, .reasoning = 275});
  const auto standard = read(test::shared_session("codex/standard_session.jsonl"));
  CHECK(standard.format == "codex");
  CHECK(standard.sink.problems.empty());
  CHECK(lines_of(standard) ==
        std::vector<std::string>{"- user user: Add rate limiting",
                                 "- assistant codex: I'll add rate limiting to the API."});
}
