#include <limits>
#include <string>

#include "rollups.hpp"

namespace agentpipe::store::sql {

namespace {

std::string session_sums(const Dialect& dialect) {
  return "SELECT count(*),count(CASE WHEN status=0 THEN 1 END)," + dialect.sum_of("messages") + "," +
         dialect.sum_of("tokens") +
         ",sum(cost),avg(CASE WHEN status=1 AND completed_at>=started_at THEN "
         "CAST(completed_at-started_at AS DOUBLE PRECISION) END) FROM sessions "
         "WHERE started_at BETWEEN ? AND ?";
}

constexpr const char* k_agents =
    "SELECT c.value,c.sessions,(SELECT sum(r.cost) FROM rollups r WHERE r.span=3600000 AND "
    "r.agent_type=c.value) FROM tag_counts c WHERE c.kind=4 ORDER BY c.sessions DESC,c.value LIMIT 10";

}  // namespace

base::Result<Summary> read_summary(Database& database, std::optional<base::Timestamp> from,
                                   std::optional<base::Timestamp> until) {
  constexpr auto k_ever = std::numeric_limits<std::int64_t>::max();
  const auto milliseconds = [](base::Timestamp at) { return at.time_since_epoch().count(); };
  Summary summary;
  auto done = database.statement(session_sums(database.dialect()))
                  .query(
                      [&](Columns& columns) {
                        columns(summary.sessions);
                        columns(summary.active);
                        columns(summary.messages);
                        columns(summary.tokens);
                        columns(summary.cost);
                        columns(summary.average_duration_ms);
                      },
                      from ? milliseconds(*from) : 0, until ? milliseconds(*until) : k_ever);
  if (done) {
    done = database.statement(k_agents).query([&](Columns& columns) {
      AgentShare& agent = summary.agents.emplace_back();
      columns(agent.type);
      columns(agent.sessions);
      columns(agent.cost);
    });
  }
  if (!done) return base::forward(done);
  return summary;
}

}  // namespace agentpipe::store::sql
