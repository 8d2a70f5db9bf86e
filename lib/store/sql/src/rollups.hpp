#pragma once

#include <string>
#include <vector>

#include "agentpipe/model/event.hpp"
#include "agentpipe/store/metrics.hpp"
#include "database.hpp"
#include "totals.hpp"

namespace agentpipe::store::sql {

/// Sums by time, agent type, model and source, kept in the transaction of what they sum up. The writer's
/// thread only.
class Rollups {
 public:
  void count(base::Timestamp at, const std::string& source, const model::MessageCreated& message, Sign sign);
  void count(base::Timestamp at, const std::string& source, const model::ConversationError& error, Sign sign);
  /// Everything that a session ever counted.
  base::Result<void> take_away(Database& database, std::int64_t session_pk, const std::string& source);

  [[nodiscard]] std::size_t size() const { return changes_.size(); }
  /// Forgets what was counted since it had that size.
  void undo_to(std::size_t size) { changes_.resize(size); }
  base::Result<void> flush(Database& database);

 private:
  struct Change {
    std::int64_t at = 0;
    std::string agent_type, model, source;
    MetricSums sums;
  };
  std::vector<Change> changes_;
};

base::Result<std::vector<MetricPoint>> read_metrics(Database& database, const MetricsQuery& query);
base::Result<Summary> read_summary(Database& database, std::optional<base::Timestamp> from,
                                   std::optional<base::Timestamp> until);
/// The newest errors of that time.
base::Result<std::vector<ErrorEntry>> read_errors(Database& database, base::Timestamp from,
                                                  base::Timestamp until, std::int64_t limit);

}  // namespace agentpipe::store::sql
