#include "agentpipe/store/metrics.hpp"

#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::MetricKey;

namespace {

constexpr base::Milliseconds k_minute{60'000};

void add_measured_talk(StoreBench& bench) {
  auto begun = started();
  begun.participants[0].model = "opus";
  bench.add(0, begun);
  auto first = message("m-1");
  first.model = "opus";
  first.tokens_used = 10;
  first.cost = 0.5;
  first.duration_ms = 40;
  bench.add(1, first);
  auto second = message("m-2");
  second.agent_id = "gemini-0";
  second.agent_type = "gemini";
  second.input_tokens = 3;
  second.output_tokens = 4;
  second.cost = 0.25;
  second.cost_kind = "estimated";
  bench.add(70, second);
  model::ConversationError error;
  error.conversation_id = "c-1";
  error.error_message = "late";
  error.agent_type = "gemini";
  bench.add(80, error);
}

std::string told(const std::optional<double>& value) {
  return value ? std::to_string(*value).substr(0, 4) : "-";
}

/// "0 opus: 1 sessions, 1 messages, 10 tokens, cost 0.50, estimated -, 0 errors"
std::string metrics(StoreBench& bench, MetricKey by, base::Milliseconds bucket = k_minute) {
  const auto points = bench->metrics({at(0), at(3600), bucket, by});
  REQUIRE_MESSAGE(points.has_value(), why(points));
  std::string text;
  for (const auto& [place, key, sums] : *points) {
    text += std::to_string(place) + " " + key + ": " + std::to_string(sums.sessions) + " sessions, " +
            std::to_string(sums.messages) + " messages, " + std::to_string(sums.tokens) + " tokens, cost " +
            told(sums.cost) + ", estimated " + told(sums.estimated_cost) + ", " +
            std::to_string(sums.errors) + " errors\n";
  }
  return text;
}

}  // namespace

TEST_CASE("messages are summed up by time and key; costs of two kinds stay apart and unknown ones unknown") {
  StoreBench bench;
  add_measured_talk(bench);
  CHECK(metrics(bench, MetricKey::none) ==
        "0 : 1 sessions, 1 messages, 10 tokens, cost 0.50, estimated -, 0 errors\n"
        "1 : 0 sessions, 1 messages, 7 tokens, cost -, estimated 0.25, 1 errors\n");
  CHECK(metrics(bench, MetricKey::model) ==
        "0 opus: 1 sessions, 1 messages, 10 tokens, cost 0.50, estimated -, 0 errors\n"
        "1 : 0 sessions, 1 messages, 7 tokens, cost -, estimated 0.25, 1 errors\n");
  CHECK(metrics(bench, MetricKey::source, base::Milliseconds{3'600'000}) ==
        "0 cli-stream: 1 sessions, 2 messages, 17 tokens, cost 0.50, estimated 0.25, 1 errors\n");
}

TEST_CASE("what is refused or sent twice is not summed up, and what is deleted no longer") {
  StoreBench bench;
  add_measured_talk(bench);
  const auto before = metrics(bench, MetricKey::agent);
  auto other = message("m-1", "other words");
  CHECK_FALSE(bench.append({event(5, message("m-3")), event(5, other)}).has_value());
  auto again = message("m-1");
  again.model = "opus";
  bench.add(1, again);
  CHECK(metrics(bench, MetricKey::agent) == before);
  again.tokens_used = 25;
  again.cost = 0.75;
  bench.add(1, again);
  CHECK(metrics(bench, MetricKey::model) ==
        "0 opus: 1 sessions, 1 messages, 25 tokens, cost 0.75, estimated -, 0 errors\n"
        "1 : 0 sessions, 1 messages, 7 tokens, cost -, estimated 0.25, 1 errors\n");
  bench.add(90, model::ConversationDeleted{"c-1", {}});
  CHECK(metrics(bench, MetricKey::none).empty());
}

TEST_CASE("errors are listed and sessions summarised") {
  StoreBench bench;
  add_measured_talk(bench);
  const auto errors = bench->errors(at(0), at(100), 10);
  REQUIRE_MESSAGE(errors.has_value(), why(errors));
  REQUIRE(errors->size() == 1);
  CHECK(errors->front().session_id == "c-1");
  CHECK(errors->front().message == "late");
  const auto summary = bench->summary({}, {});
  REQUIRE_MESSAGE(summary.has_value(), why(summary));
  CHECK(summary->sessions == 1);
  CHECK(summary->active == 1);
  CHECK(summary->tokens == 17);
  CHECK(summary->agents.size() == 2);
  CHECK_FALSE(summary->average_duration_ms.has_value());
}

TEST_CASE(
    "a session during which the clock was set back takes no part in the average of how long they took") {
  StoreBench bench;
  bench.add(10, started());
  bench.add(12, completed());
  bench.add(20, started("c-2"));
  bench.add(5, completed("c-2"));
  const auto summary = bench->summary({}, {});
  REQUIRE_MESSAGE(summary.has_value(), why(summary));
  CHECK(summary->average_duration_ms == 2000.0);
}

TEST_CASE("percentiles come from the buckets, to a third") {
  store::Latencies latencies;
  CHECK_FALSE(latencies.percentile(0.5).has_value());
  for (int i = 1; i <= 1000; ++i) ++latencies.counts[store::Latencies::bucket_of(i * 10)];
  CHECK(*latencies.percentile(0.5) == doctest::Approx(5000).epsilon(0.1));
  CHECK(*latencies.percentile(0.95) == doctest::Approx(9500).epsilon(0.15));
  CHECK(store::Latencies::bucket_of(1'000'000'000) == store::Latencies::k_buckets - 1);
}
