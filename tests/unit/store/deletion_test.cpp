#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

model::ConversationDeleted deleted(const std::string& id = "c-1") {
  return {id, {}};
}

std::string types(const std::vector<model::Logged>& log) {
  std::string text;
  for (const auto& logged : log)
    text += std::to_string(logged.number) + " " + std::string(type_name(logged.event)) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a deleted conversation is gone with all that belongs to it, and the log says so") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(2, message("m-1"));
  model::LogEntry note;
  note.conversation_id = "c-1";
  note.level = "system";
  bench.add(3, note);
  bench.add(4, started("c-2"));
  const auto stored = bench.add(5, deleted());
  CHECK(stored.outcome == store::Outcome::recorded);
  CHECK(stored.number == 5);
  CHECK(bench->session("c-1").error().code == base::ErrorCode::not_found);
  CHECK(types(bench.log()) == "4 conversation.started\n5 conversation.deleted\n");
  CHECK(types(bench.log({.session_id = "c-1"})) == "5 conversation.deleted\n");
  CHECK(bench.published().back()->number == 5);
  CHECK(bench->sessions({})->total == 1);
}

TEST_CASE("what comes for a deleted conversation is refused, also after a restart") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(2, deleted());
  CHECK(bench.append({event(3, message("m-1"))}).error().code == base::ErrorCode::gone);
  bench.reopen();
  const auto refused = bench.append({event(3, started())});
  CHECK(refused.error().code == base::ErrorCode::gone);
  CHECK(refused.error().message ==
        "Conversation c-1 was deleted on this server; send new work under a new id.");
  CHECK(bench.add(4, started("c-2")).number == 3);
}

TEST_CASE("deleting what is not there changes nothing and says so") {
  StoreBench bench;
  bench.add(1, started());
  const auto stored = bench.append({event(2, deleted("none")), event(2, deleted()), event(2, deleted())});
  REQUIRE_MESSAGE(stored.has_value(), why(stored));
  CHECK((*stored)[0].outcome == store::Outcome::absent);
  CHECK((*stored)[1].outcome == store::Outcome::recorded);
  CHECK((*stored)[2].outcome == store::Outcome::absent);
}

TEST_CASE("sessions beside a deleted one go on in the same transaction") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(1, started("c-2"));
  std::vector<std::future<base::Result<store::Appended>>> answers;
  const auto send = [&](std::vector<model::Event> events) {
    auto promise = std::make_shared<std::promise<base::Result<store::Appended>>>();
    answers.push_back(promise->get_future());
    bench->append({std::move(events), at(1000), store::Source::cli_stream},
                  [promise](base::Result<store::Appended> result) { promise->set_value(std::move(result)); });
  };
  auto other = message("m-1");
  other.conversation_id = "c-2";
  send({event(2, message("m-1"))});
  send({event(2, other)});
  send({event(3, deleted())});
  for (auto& answer : answers) CHECK(answer.get().has_value());
  CHECK(bench.session("c-2").totals.messages == 1);
}
