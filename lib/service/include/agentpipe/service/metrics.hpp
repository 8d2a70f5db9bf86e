#pragma once

#include <string>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/service/query.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// Sums over time for the dashboards, as the JSON of the HTTP interface. Reported and estimated costs stay
/// apart; what is unknown is null. Reads the disk. Thread-safe.
class Metrics {
 public:
  Metrics(store::Store& store, const base::Clock& clock) : store_(store), clock_(clock) {}

  /// from, to (default: the last 24 hours), buckets, by (agent, model, source)
  base::Result<std::string> timeseries(const Query& query);
  /// from, to, limit
  base::Result<std::string> top(const Query& query);
  /// startDate, endDate; the existing server's answer.
  base::Result<std::string> summary(const Query& query);

 private:
  store::Store& store_;
  const base::Clock& clock_;
};

}  // namespace agentpipe::service
