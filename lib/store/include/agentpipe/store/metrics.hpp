#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/model/records.hpp"

namespace agentpipe::store {

/// How many messages took how long. The n-th bucket ends at 50 ms × 1.7ⁿ; the last one has no end. 20 of them
/// reach to 20 minutes and tell a percentile to a third.
struct Latencies {
  static constexpr std::size_t k_buckets = 20;
  std::array<std::int64_t, k_buckets> counts{};

  static std::size_t bucket_of(std::int64_t milliseconds);
  void add(const Latencies& other);
  /// The time that `share` of the messages stayed below, in ms; nothing when there were none.
  [[nodiscard]] std::optional<double> percentile(double share) const;
};

struct MetricSums {
  std::int64_t sessions = 0;  ///< started in that time
  std::int64_t messages = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t tokens = 0;
  std::optional<double> cost;            ///< USD as reported; nothing when no message carried one
  std::optional<double> estimated_cost;  ///< the same, of costs that were estimated
  std::int64_t errors = 0;
  Latencies latencies;

  void add(const MetricSums& other);
};

enum class MetricKey : unsigned char { none, agent, model, source };

struct MetricsQuery {
  base::Timestamp from,
      until;  ///< `until` exclusive; both at whole minutes, at whole hours with such buckets
  base::Milliseconds bucket{};  ///< whole minutes or hours
  MetricKey by = MetricKey::none;
};

/// The sums of one bucket and one value of the key; those of nothing are left out.
struct MetricPoint {
  std::int64_t bucket = 0;  ///< from 0
  std::string key;          ///< empty: unknown, or no key was asked for
  MetricSums sums;
};

struct ErrorEntry {
  std::string session_id, session_name;
  base::Timestamp at;
  std::string message;
  model::OptionalText agent_type;
};

struct AgentShare {
  std::string type;
  std::int64_t sessions = 0;
  model::OptionalDouble cost;
};

/// Sums over sessions by their start.
struct Summary {
  std::int64_t sessions = 0;
  std::int64_t active = 0;
  std::int64_t messages = 0;
  std::int64_t tokens = 0;
  model::OptionalDouble cost;
  model::OptionalDouble average_duration_ms;  ///< of the completed ones
  std::vector<AgentShare> agents;             ///< of all times, most frequent first
};

}  // namespace agentpipe::store
