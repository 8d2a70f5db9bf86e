#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

/// One of each kind, in two conversations.
void tell_a_story(StoreBench& bench) {
  model::LogEntry note;
  note.conversation_id = "c-1";
  note.level = "system";
  note.content = "Ada joined";
  model::ConversationError error;
  error.conversation_id = "c-1";
  error.error_message = "timeout";
  model::ConversationUpdated updated;
  updated.conversation_id = "c-1";
  updated.name = "Rivers";
  auto other = message("m-1", "in the other");
  other.conversation_id = "c-2";
  auto nameless = message("m-2");
  nameless.agent_id.clear();
  nameless.cost = 1.0;
  model::BridgeConnected hello;
  hello.machine = "desk";
  bench.add(0, hello);
  bench.add(1, started());
  bench.add(2, note);
  bench.add(3, message("m-1"));
  bench.add(4, other);
  bench.add(5, error);
  bench.add(6, updated);
  bench.add(7, nameless);
  bench.add(8, completed());
}

std::string numbers(const std::vector<model::Logged>& log) {
  std::string text;
  for (const model::Logged& logged : log) text += std::to_string(logged.number) + " ";
  return text;
}

}  // namespace

TEST_CASE("the log reads back as it was published, also after a restart") {
  StoreBench bench;
  tell_a_story(bench);
  const auto published = bench.published();
  REQUIRE(published.size() == 9);
  for (int round = 0; round < 2; ++round) {
    const auto log = bench.log();
    REQUIRE(log.size() == published.size());
    for (std::size_t i = 0; i < log.size(); ++i) {
      CHECK(log[i].number == published[i]->number);
      CHECK(log[i].event == published[i]->event);
    }
    bench.reopen();
  }
  CHECK(bench->last_number() == 9);
}

TEST_CASE("the log is read from a number on, up to one, of one session, in pages") {
  StoreBench bench;
  tell_a_story(bench);
  CHECK(numbers(bench.log({.after = 7})) == "8 9 ");
  CHECK(numbers(bench.log({.after = 2, .until = 4})) == "3 4 ");
  CHECK(numbers(bench.log({.session_id = "c-1"})) == "2 3 4 6 7 8 9 ");
  CHECK(numbers(bench.log({.after = 3, .until = 8, .session_id = "c-1"})) == "4 6 7 8 ");
  CHECK(numbers(bench.log({.session_id = "c-2"})) == "5 ");
  CHECK(bench.log({.session_id = "c-3"}).empty());
  CHECK(numbers(*bench->log({.after = 1, .limit = 2})) == "2 3 ");
  CHECK(numbers(*bench->log({.after = 3, .session_id = "c-1", .limit = 2})) == "4 6 ");
}

TEST_CASE("a log page ends early rather than grow without bound, and never empty") {
  StoreBench bench;
  const std::string large(3UL << 20U, 'x');
  for (int i = 0; i < 7; ++i) bench.add(i, message("m-" + std::to_string(i), large));
  const auto first = bench->log({.limit = 500});
  REQUIRE(first.has_value());
  CHECK(first->size() == 6);
  CHECK(bench->log({.after = first->back().number, .limit = 500})->size() == 1);
}

TEST_CASE("numbers go on after a restart and the epoch stays") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  const std::string epoch = bench->epoch();
  CHECK(epoch.size() == 8);
  CHECK(epoch.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
  bench.reopen();
  CHECK(bench->epoch() == epoch);
  CHECK(bench->last_number() == 1);
  CHECK(bench.add(2, message("m-2")).number == 2);
  StoreBench another;
  CHECK(another->epoch() != epoch);
}

TEST_CASE("a refused request leaves no hole in the numbers") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  CHECK_FALSE(bench.append({event(2, message("m-2")), event(3, message("m-1", "other"))}).has_value());
  CHECK(bench.add(4, message("m-3")).number == 2);
}
