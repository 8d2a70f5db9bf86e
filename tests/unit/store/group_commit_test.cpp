#include <atomic>
#include <latch>
#include <thread>

#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

TEST_CASE("many threads: each is answered after its commit, and the listener hears the log in order") {
  constexpr int k_threads = 8;
  constexpr int k_each = 50;
  StoreBench bench;
  std::atomic<int> answered_before_commit = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < k_threads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < k_each; ++i) {
          auto made = message("m-" + std::to_string(t) + "-" + std::to_string(i));
          made.conversation_id = "c-" + std::to_string(t % 3);
          const auto stored = bench.append({event(i, made)});
          const auto seen = stored ? bench->log({.after = stored->front().number - 1, .limit = 1})
                                   : base::Result<std::vector<model::Logged>>{};
          const bool there =
              seen && !seen->empty() &&
              std::get<model::MessageCreated>(seen->front().event.body).message_id == made.message_id;
          if (!there) ++answered_before_commit;
        }
      });
    }
  }
  CHECK(answered_before_commit == 0);
  const auto published = bench.published();
  const auto log = bench.log();
  REQUIRE(published.size() == k_threads * k_each);
  REQUIRE(log.size() == published.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const bool same = log[i].number == published[i]->number && log[i].event == published[i]->event &&
                      log[i].number == static_cast<model::LogNumber>(i) + 1;
    if (!same) ++different;
  }
  CHECK(different == 0);
}

TEST_CASE(
    "requests that wait together share a group, and a refused one takes nothing of the others with it") {
  StoreBench bench;
  bench.add(0, message("m-0"));
  std::latch answered(4);
  std::latch blocked(1);
  std::vector<std::string> outcomes(4);
  const auto ask = [&](std::size_t place, std::vector<model::Event> events) {
    bench->append({std::move(events), at(1000), store::Source::cli_stream}, [&, place](auto result) {
      if (place == 0) blocked.wait();  // the writer: the rest gathers behind it
      outcomes[place] = result ? std::to_string(result->back().number) : result.error().reason;
      answered.count_down();
    });
  };
  ask(0, {event(1, message("m-1"))});
  ask(1, {event(2, message("m-2")), event(2, message("m-3"))});
  ask(2, {event(3, started("c-2")), event(3, message("m-4")), event(3, message("m-0", "other"))});
  ask(3, {event(4, message("m-5"))});
  blocked.count_down();
  answered.wait();
  CHECK(outcomes == std::vector<std::string>{"2", "4", "message_conflict", "5"});
  CHECK(bench->session("c-2").error().code == base::ErrorCode::not_found);
  CHECK(bench.session().totals.messages == 5);
  std::string order;
  for (const auto& m : bench.messages()) order += m.body.message_id + ":" + std::to_string(m.sequence) + " ";
  CHECK(order == "m-0:1 m-1:2 m-2:3 m-3:4 m-5:5 ");
  bench.reopen();
  CHECK(bench.session().totals.messages == 5);
}

TEST_CASE("what is queued when the store closes is stored and answered; later requests are refused") {
  StoreBench bench;
  std::atomic<int> stored = 0;
  for (int i = 0; i < 200; ++i) {
    bench->append({{event(i, message("m-" + std::to_string(i)))}, at(1), store::Source::cli_stream},
                  [&](auto result) { stored += result.has_value() ? 1 : 0; });
  }
  bench.close();
  CHECK(stored == 200);
  bench.open();
  CHECK(bench->last_number() == 200);
}

TEST_CASE(
    "a full queue refuses the next request and says so; one larger than the queue finds its place behind "
    "others") {
  StoreBench bench;
  bench.close();
  store::QueueLimits limits;
  limits.events = 3;
  bench.open(limits);
  store::Store& store = *bench;
  std::latch entered(1);
  std::latch blocked(1);
  std::latch answered(4);
  std::vector<std::string> outcomes(4);
  const auto ask = [&](std::size_t place, int count) {
    store::Append request{{}, at(1), store::Source::cli_stream};
    for (int i = 0; i < count; ++i) {
      request.events.push_back(event(i, message("m-" + std::to_string(place) + "-" + std::to_string(i))));
    }
    store.append(std::move(request), [&, place](auto result) {
      if (place == 0) {
        entered.count_down();
        blocked.wait();
      }
      outcomes[place] =
          result ? "stored" : std::string(base::to_string(result.error().code)) + " " + result.error().reason;
      answered.count_down();
    });
  };
  ask(0, 1);
  entered.wait();
  ask(1, 1);
  ask(2, 5);
  ask(3, 1);
  blocked.count_down();
  answered.wait();
  CHECK(outcomes == std::vector<std::string>{"stored", "stored", "stored", "unavailable queue_full"});
}
