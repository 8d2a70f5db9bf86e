#include <limits>

#include "rollups.hpp"

namespace agentpipe::store::sqlite {

namespace {

constexpr const char* k_session_sums =
    "SELECT count(*),IFNULL(sum(status=0),0),IFNULL(sum(messages),0),CAST(total(tokens) AS INTEGER),"
    "sum(cost),avg(IIF(status=1,completed_at-started_at,NULL)) FROM sessions WHERE started_at BETWEEN ? AND "
    "?";
constexpr const char* k_agents =
    "SELECT c.value,c.sessions,(SELECT sum(r.cost) FROM rollups r WHERE r.span=3600000 AND "
    "r.agent_type=c.value) FROM tag_counts c WHERE c.kind=4 ORDER BY c.sessions DESC,c.value LIMIT 10";

}  // namespace

base::Result<Summary> read_summary(Database& database, std::optional<base::Timestamp> from,
                                   std::optional<base::Timestamp> until) {
  constexpr auto k_ever = std::numeric_limits<std::int64_t>::max();
  const auto milliseconds = [](base::Timestamp at) { return at.time_since_epoch().count(); };
  Summary summary;
  auto done = database.statement(k_session_sums)
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

}  // namespace agentpipe::store::sqlite
