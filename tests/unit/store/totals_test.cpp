#include <random>

#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

struct Dice {
  std::mt19937 engine{20'260'105};
  int operator()(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(engine); }
  model::OptionalInt maybe(int sides) { return (*this)(2) == 0 ? model::OptionalInt{} : (*this)(sides); }
};

model::MessageCreated any_message(Dice& dice) {
  auto made = message("m-" + std::to_string(dice(300)));
  made.conversation_id = "c-" + std::to_string(dice(5));
  made.agent_id = dice(3) == 0 ? "" : "claude-" + std::to_string(dice(3));
  made.sequence_number = dice.maybe(100);
  made.tokens_used = dice.maybe(1000);
  made.input_tokens = dice.maybe(1000);
  made.output_tokens = dice.maybe(1000);
  made.cache_read_tokens = dice.maybe(1000);
  made.cache_write_tokens = dice.maybe(1000);
  made.reasoning_tokens = dice.maybe(1000);
  if (dice(2) == 0) made.cost = 0.25 * dice(16);
  made.duration_ms = dice.maybe(1000);
  return made;
}

model::Event any_event(Dice& dice) {
  const int kind = dice(12);
  const std::string id = "c-" + std::to_string(dice(5));
  if (kind == 0) return event(dice(100), started(id));
  if (kind == 1) return event(dice(100), completed(id));
  if (kind > 2) return event(dice(100), any_message(dice));
  model::ConversationError error;
  error.conversation_id = id;
  error.error_message = "e";
  return event(dice(100), error);
}

/// What the rows say, one line a session.
constexpr const char* k_sums =
    "SELECT s.id||' '||count(m.n)||' '||coalesce(sum(coalesce(tokens_used,coalesce(m.input_tokens,0)+"
    "coalesce(m.output_tokens,0)+coalesce(m.cache_read_tokens,0)+coalesce(m.cache_write_tokens,0))),0)||' '||"
    "coalesce(sum(m.input_tokens),0)||' '||coalesce(sum(m.output_tokens),0)||' '||"
    "coalesce(sum(m.cache_read_tokens),0)||' '||coalesce(sum(m.cache_write_tokens),0)||' '||"
    "coalesce(sum(m.reasoning_tokens),0)||' '||coalesce(CAST(sum(m.cost) AS TEXT),'none')||' '||"
    "coalesce(sum(m.duration_ms),0)||' '||(SELECT count(*) FROM events e WHERE e.session_pk=s.pk AND "
    "e.type='conversation.error')||' '||coalesce(max(m.sequence),0) "
    "FROM sessions s LEFT JOIN messages m ON m.session_pk=s.pk GROUP BY s.pk ORDER BY s.id";

constexpr const char* k_kept =
    "SELECT id||' '||messages||' '||tokens||' '||input_tokens||' '||output_tokens||' '||cache_read_tokens||' "
    "'||"
    "cache_write_tokens||' '||reasoning_tokens||' '||coalesce(CAST(cost AS TEXT),'none')||' "
    "'||duration_ms||' '||errors||' "
    "'||"
    "last_sequence FROM sessions ORDER BY id";

std::string lines_of(StoreBench& bench, const char* sql) {
  auto database = bench.engine().connection();
  std::string lines;
  auto done = database.statement(sql).query(
      [&](store::sql::Columns& columns) { lines += columns.take<std::string>() + "\n"; });
  REQUIRE_MESSAGE(done.has_value(), why(done));
  return lines;
}

}  // namespace

TEST_CASE("totals are the sums of the rows after any requests, refused ones and restarts among them") {
  StoreBench bench;
  Dice dice;
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<model::Event> events;
    for (int i = dice(5); i >= 0; --i) events.push_back(any_event(dice));
    const auto answer = bench.append(std::move(events));
    if (!answer) {
      CHECK(answer.error().reason == "message_conflict");
      ++refused;
    }
    if (round % 150 == 149) bench.reopen();
  }
  CHECK(refused > 10);
  const std::string kept = lines_of(bench, k_kept);
  CHECK(kept.size() > 100);
  CHECK(kept == lines_of(bench, k_sums));
}

TEST_CASE("cost is unknown until a message carries one; tokens are the parts when no sum is told") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  CHECK_FALSE(bench.session().totals.cost.has_value());
  auto counted = message("m-2");
  counted.input_tokens = 1;
  counted.output_tokens = 2;
  counted.cache_read_tokens = 3;
  counted.cache_write_tokens = 4;
  counted.cost = 0;
  bench.add(2, counted);
  CHECK(bench.session().totals.cost == 0.0);
  CHECK(bench.session().totals.tokens == 10);
}

TEST_CASE("sums end at the largest number instead of wrapping round") {
  constexpr auto k_largest = std::numeric_limits<std::int64_t>::max();
  StoreBench bench;
  for (const std::string session : {"c-1", "c-2"}) {
    std::vector<model::Event> events;
    for (int i = 0; i < 3; ++i) {
      auto huge = message("m-" + std::to_string(i));
      huge.conversation_id = session;
      huge.tokens_used = k_largest / 2;
      events.push_back(event(i, huge));
    }
    REQUIRE(bench.append(std::move(events)).has_value());
  }
  CHECK(bench.session().totals.tokens == k_largest);
  const auto summary = bench->summary({}, {});
  REQUIRE_MESSAGE(summary.has_value(), why(summary));
  CHECK(summary->tokens == k_largest);
  const auto points = bench->metrics({at(0), at(3600), base::Milliseconds{60'000}, store::MetricKey::none});
  REQUIRE_MESSAGE(points.has_value(), why(points));
  REQUIRE(points->size() == 1);
  CHECK(points->front().sums.tokens == k_largest);
}
