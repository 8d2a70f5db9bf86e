#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

base::Result<store::Appended> replace(StoreBench& bench, std::vector<model::Event> events) {
  std::promise<base::Result<store::Appended>> answer;
  bench->append(
      {std::move(events), at(1000), store::Source::cli_upload, std::nullopt, store::IfPresent::replace},
      [&](base::Result<store::Appended> result) { answer.set_value(std::move(result)); });
  return answer.get_future().get();
}

std::string told(const std::vector<model::Logged>& log) {
  std::string text;
  for (const auto& logged : log) {
    text += std::to_string(logged.number) + " " + std::string(type_name(logged.event)) + " " +
            model::message_id(logged.event) + "\n";
  }
  return text;
}

std::string contents(StoreBench& bench) {
  std::string text;
  for (const auto& each : bench.messages()) text += each.body.message_id + ": " + each.body.content + "\n";
  return text;
}

}  // namespace

TEST_CASE("a replaced session goes with all that it had, and the new one comes in the same commit") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(2, message("m-1", "old"));
  bench.add(3, message("m-2", "old"));
  const auto stored = replace(bench, {event(1, started()), event(2, message("m-1", "new"))});
  REQUIRE_MESSAGE(stored.has_value(), why(stored));
  CHECK(stored->front().outcome == store::Outcome::replaced);
  CHECK(stored->back().outcome == store::Outcome::created);
  CHECK(contents(bench) == "m-1: new\n");
  CHECK(bench.session().totals.messages == 1);
  CHECK(bench->sessions({})->total == 1);
  CHECK(told(bench.log()) == "4 conversation.deleted \n5 conversation.started \n6 message.created m-1\n");
  CHECK(bench.published().size() == 6);
}

TEST_CASE("who resumes behind the old session hears of its end before the new one") {
  StoreBench bench;
  bench.add(1, started());
  REQUIRE(replace(bench, {event(1, started()), event(2, message("m-1"))}).has_value());
  CHECK(told(bench.log({.after = 1, .session_id = "c-1"})) == "2 conversation.deleted \n");
  CHECK(told(bench.log({.after = 2, .session_id = "c-1"})) ==
        "3 conversation.started \n4 message.created m-1\n");
}

TEST_CASE("a replacement that contradicts itself leaves the old session as it was") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(2, message("m-1", "old"));
  const auto refused = replace(
      bench, {event(1, started()), event(2, message("m-1", "new")), event(3, message("m-1", "other"))});
  CHECK(refused.error().code == base::ErrorCode::conflict);
  CHECK(contents(bench) == "m-1: old\n");
  CHECK(told(bench.log()) == "1 conversation.started \n2 message.created m-1\n");
  bench.add(4, message("m-2", "more"));
  CHECK(bench.session().totals.messages == 2);
}

TEST_CASE("a deleted session can be replaced; its late events are taken again, until it is deleted anew") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(2, model::ConversationDeleted{"c-1", {}});
  const auto stored = replace(bench, {event(1, started()), event(2, message("m-1"))});
  REQUIRE_MESSAGE(stored.has_value(), why(stored));
  CHECK(stored->front().outcome == store::Outcome::created);
  bench.reopen();
  CHECK(bench.add(3, message("m-2")).outcome == store::Outcome::created);
  bench.add(4, model::ConversationDeleted{"c-1", {}});
  CHECK(bench.append({event(5, message("m-3"))}).error().code == base::ErrorCode::gone);
  CHECK(told(bench.log({.session_id = "c-1"})) == "6 conversation.deleted \n");
}
