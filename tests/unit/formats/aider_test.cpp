#include <doctest/doctest.h>

#include "agent_reading.hpp"
#include "aider_lines.hpp"

using namespace agentpipe;
using test::lines_of;
using test::read_file;
using Lines = std::vector<std::string>;

namespace {

constexpr std::string_view k_history = "aider/.aider.chat.history.md";

std::vector<model::MessageCreated> messages_of(const test::Reading& reading, std::string_view conversation) {
  std::vector<model::MessageCreated> found;
  for (auto& message : reading.sink.all<model::MessageCreated>()) {
    if (message.conversation_id == conversation) found.push_back(std::move(message));
  }
  return found;
}

std::string account(std::string_view status) {
  const auto told = formats::aider::account_of(status);
  if (!told) return "none";
  const auto& used = told->usage;
  return std::to_string(used.input) + " " + std::to_string(used.cache_read) + " " +
         std::to_string(used.cache_write) + " " + std::to_string(used.output) + " " +
         std::to_string(told->cost.value_or(-1)).substr(0, 6) + " " +
         std::to_string(told->session_cost.value_or(-1)).substr(0, 6);
}

}  // namespace

TEST_CASE("a chat history of Aider: prompts, answers and nothing that only looks like one") {
  const auto reading = read_file(k_history);
  CHECK(reading.format == "aider");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == Lines{"- user user: fix the cart", "- assistant aider: I look at it.",
                                   "- user user: /undo", "- user user: go on", "- assistant aider: Twice.",
                                   "- user user: again", "- assistant aider: Twice.",
                                   "- user user: and once more",
                                   "- assistant aider: Tokens used without an answer", "- user user: hello",
                                   "- assistant aider: Hi. ```",
                                   "- user user: after a fence that is still open", "- assistant aider: Yes.",
                                   "- user user: last", "- assistant aider: An answer without an account"});
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages.at(0).content == "fix the cart\n\nit counts twice");
  CHECK(messages.at(1).content ==
        "I look at it.\n\n> a quotation of the model\n\n#### Step 1\n\n```python\n#### not a prompt\n\n"
        "> nor a status\n```\n\nDone.");
}

TEST_CASE("each start in a chat history of Aider is a session; one in which nobody spoke is none") {
  const auto reading = read_file(k_history);
  const auto started = reading.sink.all<model::ConversationStarted>();
  REQUIRE(started.size() == 3);
  CHECK(started[0].name == "fix the cart…");
  CHECK(started[0].initial_prompt == "fix the cart\n\nit counts twice");
  CHECK(started[0].source_format == "aider");
  CHECK(started[0].metadata.text == R"({"reconstructed":true})");
  CHECK(started[0].participants.at(1).cli_version == "0.86.1");
  CHECK(started[0].cwd == test::fixture("aider").lexically_normal().string());
  CHECK(reading.sink.events.front().at == *base::parse_local("2026-01-05 09:00:00"));
  CHECK(started[0].conversation_id != started[1].conversation_id);  // of the same second
  CHECK(messages_of(reading, started[1].conversation_id).size() == 4);
  CHECK(reading.sink.all<model::ConversationCompleted>().size() == 3);
  CHECK(reading.sink.skipped_lines(formats::Skip::internal) == std::vector<std::uint64_t>{1, 61});
}

TEST_CASE("what Aider's program says is kept beside the conversation, in its place") {
  const auto types = read_file(k_history).sink.types();
  CHECK(Lines(types.begin(), types.begin() + 5) ==
        Lines{"conversation.started", "log.entry", "message.created", "message.created", "log.entry"});
  const auto notes = read_file(k_history).sink.all<model::LogEntry>();
  CHECK(notes.at(1).content ==
        "Applied edit to cart.py\nCommit fd43cd4 fix: count once\n===== tests\n1 passed");
  CHECK(notes.at(2).content == "^C KeyboardInterrupt");
}

TEST_CASE("accounts of Aider go to the answer in front of them") {
  const auto reading = read_file(k_history);
  const auto messages = reading.sink.all<model::MessageCreated>();
  CHECK(messages.at(1).model == "claude-sonnet-4-5-20250929");
  CHECK(messages.at(1).input_tokens == 12000 - 2500 - 5244);
  CHECK(messages.at(1).cache_read_tokens == 5244);
  CHECK(messages.at(1).cache_write_tokens == 2500);
  CHECK(messages.at(1).output_tokens == 604);
  CHECK(messages.at(1).cost == 0.02);
  CHECK(messages.at(1).cost_kind == "reported");
  CHECK(messages.at(1).metadata.text == R"({"rounded":true})");
  CHECK(messages.at(4).tokens_used == 1230);
  CHECK(messages.at(4).cost_kind == "estimated");  // Aider knew no price, the list does
  CHECK(messages.at(8).cost == 0.0019);
  CHECK(messages.at(10).model == "gpt-4o");
  CHECK_FALSE(messages.at(10).tokens_used);
  CHECK(reading.sink.all<model::ConversationCompleted>().at(0).total_cost == 0.11);
}

TEST_CASE("accounts of Aider are read in every spelling") {
  CHECK(account("Tokens: 5,244 sent, 604 received. Cost: $0.02 request, $0.12 session.") ==
        "5244 0 0 604 0.0200 0.1200");
  CHECK(
      account("Tokens: 12k sent, 1.2k cached, 300 received. Cost: $1.50 message, $2.00 session. cache costs "
              "not included.") == "10800 1200 0 300 1.5000 2.0000");
  CHECK(account("Tokens: 8.7k sent, 5.2k cache write, 3.5k cache hit, 1 received.") ==
        "0 3500 5200 1 -1.000 -1.000");
  CHECK(account("Tokens: 20,069 sent, 400 received. cache costs not included, Cost: $0.01 message, $0.02 "
                "session.") == "20069 0 0 400 0.0100 0.0200");
  CHECK(account("Tokens: many sent, -5 received.") == "0 0 0 0 -1.000 -1.000");
  CHECK(account("Tokens: 5E44 sent, 3 received.") == "0 0 0 3 -1.000 -1.000");
  CHECK(account("Applied edit to cart.py") == "none");
}

TEST_CASE("an account of more tokens than there are has no cost") {
  const auto reading = test::read(
      "# aider chat started at 2026-01-05 09:00:00\n\n"
      "> Main model: claude-sonnet-4-5-20250929 with diff edit format\n\n"
      "#### go on\n\nDone.\n\n> Tokens: 444444444444444444k sent, 30 received.\n",
      "aider");
  const auto answer = reading.sink.all<model::MessageCreated>().at(1);
  CHECK(answer.content == "Done.");
  CHECK(answer.input_tokens == formats::k_max_tokens);
  CHECK(answer.output_tokens == 30);
  CHECK(!answer.cost);
  CHECK(!answer.cost_kind);
}

TEST_CASE("an answer of Aider that may go on is left for the next reading") {
  const auto path = test::fixture(k_history);
  formats::Origin origin{".aider.chat.history.md", test::k_arrived};
  origin.path = path;
  origin.writer = formats::Writer::present;
  const auto text = test::file_text(path);
  const auto whole = read_file(k_history).sink.all<model::MessageCreated>();
  auto part = test::read_from(text, origin).sink.all<model::MessageCreated>();
  REQUIRE(part.size() == whole.size() - 1);
  CHECK(std::equal(part.begin(), part.end(), whole.begin()));
  part =
      test::read_from(text.substr(0, text.find("> Applied edit")), origin).sink.all<model::MessageCreated>();
  REQUIRE(part.size() == 2);  // its account is there
  CHECK(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST_CASE("a history whose blanks at the ends of lines are gone is read all the same") {
  const auto reading = test::read(
      "# aider chat started at 2026-01-05 09:00:00\n\n> Model: gpt-4o with diff\n\n#### one\n\nYes.\n\n"
      "> Tokens: 10 sent, 2 received.\n\n#### two\n\nNo.\n");
  CHECK(lines_of(reading) ==
        Lines{"- user user: one", "- assistant aider: Yes.", "- user user: two", "- assistant aider: No."});
}

TEST_CASE("a real chat history of Aider is read whole") {
  const auto history = test::shared_session("aider/aider-chat-history.md");
  if (history.empty()) return;
  const auto reading = test::read(history);
  CHECK(reading.format == "aider");
  CHECK(reading.sink.problems == Lines{});
  // Of 1,133 starts; in the others nobody spoke.
  CHECK(reading.sink.all<model::ConversationStarted>().size() == 696);
  std::size_t accounts = 0;
  for (const auto& message : reading.sink.all<model::MessageCreated>())
    accounts += message.tokens_used ? 1U : 0U;
  CHECK(accounts == 839);
}
