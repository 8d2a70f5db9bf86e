#include "agentpipe/store/metrics.hpp"

#include <cmath>
#include <numeric>

#include "agentpipe/base/saturate.hpp"

namespace agentpipe::store {

namespace {

constexpr double k_first = 50;
constexpr double k_factor = 1.7;

void add(std::optional<double>& sum, const std::optional<double>& more) {
  if (more) sum = sum.value_or(0) + *more;
}

}  // namespace

std::size_t Latencies::bucket_of(std::int64_t milliseconds) {
  double end = k_first;
  std::size_t bucket = 0;
  for (; bucket + 1 < k_buckets && static_cast<double>(milliseconds) > end; ++bucket) end *= k_factor;
  return bucket;
}

void Latencies::add(const Latencies& other) {
  for (std::size_t i = 0; i < k_buckets; ++i) base::add_saturated(counts[i], other.counts[i]);
}

std::optional<double> Latencies::percentile(double share) const {
  const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  if (total <= 0) return std::nullopt;
  const double wanted = share * static_cast<double>(total);
  double below = 0;
  double start = 0;
  double end = k_first;
  for (const std::int64_t count : counts) {
    const auto here = static_cast<double>(count);
    if (here > 0 && below + here >= wanted)
      return std::round(start + (end - start) * (wanted - below) / here);
    below += here;
    start = end;
    end *= k_factor;
  }
  return std::round(start);
}

void MetricSums::add(const MetricSums& other) {
  base::add_saturated(sessions, other.sessions);
  base::add_saturated(messages, other.messages);
  base::add_saturated(input_tokens, other.input_tokens);
  base::add_saturated(output_tokens, other.output_tokens);
  base::add_saturated(tokens, other.tokens);
  store::add(cost, other.cost);
  store::add(estimated_cost, other.estimated_cost);
  base::add_saturated(errors, other.errors);
  latencies.add(other.latencies);
}

}  // namespace agentpipe::store
