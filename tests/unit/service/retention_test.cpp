#include "agentpipe/service/retention.hpp"

#include "manual_clock.hpp"
#include "service_bench.hpp"

using namespace agentpipe;

namespace {

/// A clock that is so much ahead: what was stored by it is old already.
class Later final : public base::Clock {
 public:
  explicit Later(base::Milliseconds by) : by_(by) {}
  [[nodiscard]] base::Timestamp now() const override { return base::SystemClock().now() + by_; }
  [[nodiscard]] base::Ticks ticks() const override { return base::SystemClock().ticks(); }
  bool sleep(base::Milliseconds, const std::stop_token&) override { return true; }

 private:
  base::Milliseconds by_;
};

constexpr base::Milliseconds k_day{86'400'000};

void fill(test::ServiceBench& bench, int sessions) {
  for (int i = 0; i < sessions; ++i) bench.message("c" + std::to_string(i), 1);
}

void end(test::ServiceBench& bench, int from, int until) {
  for (int i = from; i < until; ++i) {
    bench.event({{"type", "conversation.completed"},
                 {"timestamp", "2026-01-05T08:00:05Z"},
                 {"data", {{"conversation_id", "c" + std::to_string(i)}, {"status", "COMPLETED"}}}});
  }
}

base::Result<std::uint64_t> nothing_used() {
  return std::uint64_t{0};
}

}  // namespace

TEST_CASE("what nothing came for since the retention time goes, with a tombstone; younger stays") {
  test::ServiceBench bench;
  fill(bench, 45);
  const Later tomorrow(k_day);
  service::Retention keeps(*bench.store, tomorrow, {k_day * 2, 0}, nothing_used);
  CHECK(keeps.tidy() == std::size_t{0});
  const Later in_three_days(k_day * 3);
  service::Retention forgets(*bench.store, in_three_days, {k_day * 2, 0}, nothing_used);
  CHECK(forgets.tidy() == std::size_t{45});
  CHECK(bench.store->sessions({})->total == 0);
  CHECK(bench.message("c7", 2).error.code == base::ErrorCode::gone);
  CHECK(forgets.tidy() == std::size_t{0});
}

TEST_CASE("a clock that jumps ahead deletes nothing before the next look") {
  test::ServiceBench bench;
  fill(bench, 3);
  test::ManualClock clock(base::SystemClock().now());
  service::Retention retention(*bench.store, clock, {k_day * 2, 0}, nothing_used);
  const auto look = [&](base::Milliseconds jump) {
    clock.advance(base::Milliseconds(3'600'000));
    clock.jump(jump);
    return retention.tidy();
  };
  CHECK(look(k_day * 1000) == std::size_t{0});
  CHECK(look(-k_day * 1000) == std::size_t{0});  // set right
  CHECK(look(k_day * 1000) == std::size_t{0});
  CHECK(look(base::Milliseconds(0)) == std::size_t{3});
}

TEST_CASE("a database that is too large loses its quietest sessions until it fits") {
  test::ServiceBench bench;
  fill(bench, 50);
  end(bench, 0, 50);
  const auto used = [&]() -> base::Result<std::uint64_t> {
    return static_cast<std::uint64_t>(bench.store->sessions({})->total * 1000);
  };
  service::Retention retention(*bench.store, bench.clock, {base::Milliseconds(0), 25'000}, used);
  CHECK(retention.tidy() == std::size_t{25});
  CHECK(retention.tidy() == std::size_t{0});
  CHECK(bench.store->session("c25").has_value());
  CHECK_FALSE(bench.store->session("c24").has_value());
}

TEST_CASE("where deleting frees nothing at once, no more goes than is too much") {
  test::ServiceBench bench;
  fill(bench, 40);
  end(bench, 0, 40);
  const auto used = []() -> base::Result<std::uint64_t> { return std::uint64_t{100'000}; };
  service::Retention retention(*bench.store, bench.clock, {base::Milliseconds(0), 75'000}, used);
  CHECK(retention.tidy() == std::size_t{10});
  CHECK(bench.store->sessions({})->total == 30);
}

TEST_CASE("a conversation that goes on is not deleted for the size of the database") {
  test::ServiceBench bench;
  fill(bench, 5);
  end(bench, 2, 4);
  const auto used = []() -> base::Result<std::uint64_t> { return std::uint64_t{100'000}; };
  service::Retention retention(*bench.store, bench.clock, {base::Milliseconds(0), 1}, used);
  CHECK(retention.tidy() == std::size_t{2});
  CHECK(retention.tidy() == std::size_t{0});
  for (const char* id : {"c0", "c1", "c4"}) CHECK_MESSAGE(bench.store->session(id).has_value(), id);
}
