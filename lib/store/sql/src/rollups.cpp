#include "rollups.hpp"

#include <array>
#include <map>
#include <tuple>

#include "agentpipe/base/saturate.hpp"
#include "agentpipe/model/codec.hpp"
#include "columns.hpp"

namespace agentpipe::store::sql {

namespace {

// Minutes for a look at today, hours for a look at a year.
constexpr std::array<std::int64_t, 2> k_spans{60'000, 3'600'000};

using RollupKey = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string>;

template <class Sums, class Visit>
void each_sum(Sums& sums, Visit&& visit) {
  visit(sums.messages);
  visit(sums.input_tokens);
  visit(sums.output_tokens);
  visit(sums.tokens);
  visit(sums.cost);
  visit(sums.estimated_cost);
  visit(sums.errors);
  for (auto& count : sums.latencies.counts) visit(count);
}

constexpr std::array k_sums{"messages", "input_tokens", "output_tokens", "tokens",
                            "cost",     "estimated",    "errors"};

std::vector<std::string> sum_columns() {
  std::vector<std::string> names(k_sums.begin(), k_sums.end());
  for (std::size_t i = 0; i < Latencies::k_buckets; ++i) names.push_back("l" + std::to_string(i));
  return names;
}

std::string sum_of(const Dialect& dialect, const std::string& name) {
  return name == "cost" || name == "estimated" ? "sum(" + name + ")" : dialect.sum_of(name);
}

/// NULL, which is unknown, stays so until something is known.
const std::string& upsert() {
  static const std::string sql = [] {
    std::string columns = "span,slot,agent_type,model,source", values = "?,?,?,?,?", update;
    for (const std::string& name : sum_columns()) {
      const std::string known = "rollups." + name;
      const std::string added = "excluded." + name;
      columns.append(",").append(name);
      values.append(",?");
      update.append(update.empty() ? "" : ",").append(name).append("=COALESCE(");
      update.append(known).append("+").append(added).append(",");
      update.append(known).append(",").append(added).append(")");
    }
    return "INSERT INTO rollups(" + columns + ") VALUES(" + values +
           ") ON CONFLICT(span,slot,agent_type,model,source) DO UPDATE SET " + update;
  }();
  return sql;
}

constexpr std::array k_key_columns{"''", "agent_type", "model", "source"};  // in the order of MetricKey

std::string select(const Dialect& dialect, MetricKey by) {
  std::string sql = std::string("SELECT (slot-?1)/?2,") + k_key_columns[static_cast<std::size_t>(by)];
  for (const std::string& name : sum_columns()) sql += "," + sum_of(dialect, name);
  return sql + " FROM rollups WHERE span=?3 AND slot>=?1 AND slot<?4 GROUP BY 1,2";
}

/// Sessions by their start; of agents and models by their tags.
const char* select_sessions(MetricKey by) {
  constexpr std::array k_texts{
      "SELECT (started_at-?1)/?2,'',count(*) FROM sessions WHERE started_at>=?1 AND started_at<?3 GROUP BY 1",
      "SELECT (started_at-?1)/?2,value,count(*) FROM tags WHERE kind=4 AND started_at>=?1 AND started_at<?3 "
      "GROUP BY 1,2",
      "SELECT (started_at-?1)/?2,value,count(*) FROM tags WHERE kind=5 AND started_at>=?1 AND started_at<?3 "
      "GROUP BY 1,2",
      "SELECT (started_at-?1)/?2,value,count(*) FROM tags WHERE kind=2 AND started_at>=?1 AND started_at<?3 "
      "GROUP BY 1,2",
  };
  return k_texts[static_cast<std::size_t>(by)];
}

/// The event that the log keeps under these; an empty one when it cannot be read.
model::ConversationError error_in(base::Timestamp at, const std::string& data) {
  auto event = model::decode_data("conversation.error", at, data);
  return event ? std::get<model::ConversationError>(std::move(event->body)) : model::ConversationError{};
}

std::optional<double> times(std::optional<double> value, int sign) {
  if (value) *value *= sign;
  return value;
}

}  // namespace

void Rollups::count(base::Timestamp at, const std::string& source, const model::MessageCreated& message,
                    Sign sign) {
  const int factor = static_cast<int>(sign);
  Change change{at.time_since_epoch().count(), message.agent_type, message.model.value_or(""), source, {}};
  change.sums.messages = factor;
  change.sums.input_tokens = factor * message.input_tokens.value_or(0);
  change.sums.output_tokens = factor * message.output_tokens.value_or(0);
  change.sums.tokens = factor * tokens_of(message);
  const bool estimated = message.cost_kind == "estimated";
  (estimated ? change.sums.estimated_cost : change.sums.cost) = times(message.cost, factor);
  if (message.duration_ms) change.sums.latencies.counts[Latencies::bucket_of(*message.duration_ms)] = factor;
  changes_.push_back(std::move(change));
}

void Rollups::count(base::Timestamp at, const std::string& source, const model::ConversationError& error,
                    Sign sign) {
  Change change{at.time_since_epoch().count(), error.agent_type.value_or(""), {}, source, {}};
  change.sums.errors = static_cast<int>(sign);
  changes_.push_back(std::move(change));
}

base::Result<void> Rollups::take_away(Database& database, std::int64_t session_pk,
                                      const std::string& source) {
  auto done = database
                  .statement(
                      "SELECT at,agent_type,model,tokens_used,input_tokens,output_tokens,cache_read_tokens,"
                      "cache_write_tokens,cost,cost_kind,duration_ms FROM messages WHERE session_pk=?")
                  .query(
                      [&](Columns& columns) {
                        model::MessageCreated m;
                        const auto at = columns.take<base::Timestamp>();
                        columns(m.agent_type);
                        columns(m.model);
                        columns(m.tokens_used);
                        columns(m.input_tokens);
                        columns(m.output_tokens);
                        columns(m.cache_read_tokens);
                        columns(m.cache_write_tokens);
                        columns(m.cost);
                        columns(m.cost_kind);
                        columns(m.duration_ms);
                        count(at, source, m, Sign::take_away);
                      },
                      session_pk);
  if (!done) return done;
  return database
      .statement(
          "SELECT at,data FROM events WHERE session_pk=? AND dedup IS NOT NULL AND type='conversation.error'")
      .query(
          [&](Columns& columns) {
            const auto at = columns.take<base::Timestamp>();
            count(at, source, error_in(at, columns.take<std::string>()), Sign::take_away);
          },
          session_pk);
}

base::Result<void> Rollups::flush(Database& database) {
  std::map<RollupKey, MetricSums> rows;
  for (const Change& change : changes_) {
    for (const std::int64_t span : k_spans) {
      const std::int64_t slot = change.at - change.at % span;
      rows[{span, slot, change.agent_type, change.model, change.source}].add(change.sums);
    }
  }
  changes_.clear();
  Statement& write = database.statement(upsert());
  for (const auto& row : rows) {
    auto done = write.bind_and_run(
        [&](Binder& bind) {
          std::apply([&](const auto&... part) { (bind(part), ...); }, row.first);
          each_sum(row.second, bind);
        },
        [](Columns&) {});
    if (!done) return done;
    const bool fewer = row.second.messages < 0 || row.second.errors < 0;
    if (!fewer) continue;
    // Of what is gone nothing stays, not even what rounding has left of its costs.
    done = std::apply(
        [&](const auto&... part) {
          return database
              .statement(
                  "DELETE FROM rollups WHERE span=? AND slot=? AND agent_type=? AND model=? AND source=? "
                  "AND messages=0 AND errors=0")
              .run(part...);
        },
        row.first);
    if (!done) return done;
  }
  return {};
}

base::Result<std::vector<MetricPoint>> read_metrics(Database& database, const MetricsQuery& query) {
  const std::int64_t span = query.bucket.count() % k_spans[1] == 0 ? k_spans[1] : k_spans[0];
  std::map<std::pair<std::int64_t, std::string>, MetricSums> points;
  auto done = database.statement(select(database.dialect(), query.by))
                  .query(
                      [&](Columns& columns) {
                        const auto bucket = columns.take<std::int64_t>();
                        each_sum(points[{bucket, columns.take<std::string>()}], columns);
                      },
                      query.from, query.bucket.count(), span, query.until);
  if (done) {
    done = database.statement(select_sessions(query.by))
               .query(
                   [&](Columns& columns) {
                     const auto bucket = columns.take<std::int64_t>();
                     columns(points[{bucket, columns.take<std::string>()}].sessions);
                   },
                   query.from, query.bucket.count(), query.until);
  }
  if (!done) return base::forward(done);
  std::vector<MetricPoint> list;
  list.reserve(points.size());
  for (auto& [place, sums] : points) list.push_back({place.first, place.second, sums});
  return list;
}

base::Result<std::vector<ErrorEntry>> read_errors(Database& database, base::Timestamp from,
                                                  base::Timestamp until, std::int64_t limit) {
  std::vector<ErrorEntry> errors;
  auto done = database
                  .statement(
                      "SELECT s.id,s.name,e.at,e.data FROM events e JOIN sessions s ON s.pk=e.session_pk "
                      "WHERE e.type='conversation.error' AND e.at>=? AND e.at<? ORDER BY e.at DESC LIMIT ?")
                  .query(
                      [&](Columns& columns) {
                        ErrorEntry& error = errors.emplace_back();
                        columns(error.session_id);
                        columns(error.session_name);
                        columns(error.at);
                        auto told = error_in(error.at, columns.take<std::string>());
                        error.message = std::move(told.error_message);
                        error.agent_type = std::move(told.agent_type);
                      },
                      from, until, limit);
  if (!done) return base::forward(done);
  return errors;
}

}  // namespace agentpipe::store::sql
