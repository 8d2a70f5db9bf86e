#include "agentpipe/service/metrics.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/records.hpp"
#include "parameters.hpp"

namespace agentpipe::service {

namespace {

using Sums = store::MetricSums;

constexpr std::int64_t k_minute = 60'000;
constexpr std::int64_t k_hour = 3'600'000;
constexpr std::int64_t k_day = 24 * k_hour;
constexpr std::int64_t k_longest = std::int64_t{20} * 366 * k_day;
constexpr std::int64_t k_most_buckets = 1000;
constexpr std::int64_t k_default_buckets = 60;
constexpr std::int64_t k_most_top = 50;
constexpr std::size_t k_most_groups = 50;

struct KeyName {
  std::string_view name;
  store::MetricKey key;
};
constexpr std::array k_keys{KeyName{"agent", store::MetricKey::agent},
                            KeyName{"model", store::MetricKey::model},
                            KeyName{"source", store::MetricKey::source}};

base::Timestamp at(std::int64_t milliseconds) {
  return base::Timestamp{base::Milliseconds{milliseconds}};
}
std::int64_t ms(base::Timestamp time) {
  return time.time_since_epoch().count();
}

/// A stretch of time in milliseconds, `to` exclusive.
struct Range {
  std::int64_t from = 0, to = 0;
};

Range read_range(Parameters& parameters, base::Timestamp now) {
  std::optional<base::Timestamp> from, to;
  parameters.time("from", from);
  parameters.time("to", to);
  const std::int64_t end = to ? ms(*to) : ms(now);
  const Range range{from ? ms(*from) : end - k_day, end};
  if (range.from >= range.to || range.to - range.from > k_longest)
    parameters.fail(bad_parameter("from", "must lie before to, by at most 20 years"));
  return range;
}

store::MetricKey read_key(Parameters& parameters, const Query& query) {
  const auto given = query.text("by");
  if (!given) return store::MetricKey::none;
  const auto* row = std::ranges::find(k_keys, *given, &KeyName::name);
  if (row != k_keys.end()) return row->key;
  parameters.fail(bad_parameter("by", "must be agent, model or source"));
  return store::MetricKey::none;
}

/// Buckets of whole minutes, or of whole hours when they are longer than one, that cover the range.
store::MetricsQuery cover(Range range, std::int64_t buckets, store::MetricKey by) {
  std::int64_t length = (range.to - range.from + buckets - 1) / buckets;
  const std::int64_t unit = length > k_hour ? k_hour : k_minute;
  length = (length + unit - 1) / unit * unit;
  const std::int64_t from = range.from - range.from % unit;
  const std::int64_t count = (range.to - from + length - 1) / length;
  return {at(from), at(from + count * length), base::Milliseconds{length}, by};
}

void write_sums(model::JsonWriter& writer, const Sums& sums) {
  writer.field("sessions", sums.sessions)
      .field("messages", sums.messages)
      .field("inputTokens", sums.input_tokens)
      .field("outputTokens", sums.output_tokens)
      .field("totalTokens", sums.tokens)
      .field("cost", sums.cost)
      .field("estimatedCost", sums.estimated_cost)
      .field("latencyP50", sums.latencies.percentile(0.5))
      .field("latencyP95", sums.latencies.percentile(0.95))
      .field("errors", sums.errors);
}

std::optional<std::string> key_or_null(const std::string& key) {
  return key.empty() ? std::nullopt : std::optional(key);
}

using Groups = std::map<std::string, std::map<std::int64_t, Sums>>;

/// The largest groups by messages; the dashboards cannot show more.
std::vector<const Groups::value_type*> largest(const Groups& groups) {
  std::vector<std::pair<std::int64_t, const Groups::value_type*>> order;
  for (const auto& group : groups) {
    std::int64_t messages = 0;
    for (const auto& [bucket, sums] : group.second) messages += sums.messages;
    order.emplace_back(messages, &group);
  }
  std::ranges::stable_sort(order, std::greater{}, [](const auto& pair) { return pair.first; });
  if (order.size() > k_most_groups) order.resize(k_most_groups);
  std::vector<const Groups::value_type*> sorted;
  sorted.reserve(order.size());
  for (const auto& [messages, group] : order) sorted.push_back(group);
  return sorted;
}

void write_group(model::JsonWriter& writer, const Groups::value_type& group,
                 const store::MetricsQuery& query) {
  const Sums nothing;
  writer.begin_object().field("key", key_or_null(group.first)).key("points").begin_array();
  const std::int64_t count = (ms(query.until) - ms(query.from)) / query.bucket.count();
  for (std::int64_t bucket = 0; bucket < count; ++bucket) {
    const auto found = group.second.find(bucket);
    writer.begin_object().field("t", base::format_rfc3339(query.from + bucket * query.bucket));
    write_sums(writer, found == group.second.end() ? nothing : found->second);
    writer.end_object();
  }
  writer.end_array().end_object();
}

base::Result<Sums> totals_of(store::Store& store, base::Timestamp from, base::Timestamp until,
                             base::Milliseconds bucket) {
  const auto points = store.metrics({from, until, bucket, store::MetricKey::none});
  if (!points) return base::forward(points);
  Sums sums;
  for (const auto& point : *points) sums.add(point.sums);
  return sums;
}

void write_top(model::JsonWriter& writer, const char* name, const std::vector<store::MetricPoint>& points,
               std::int64_t limit) {
  std::map<std::string, Sums> by_key;
  for (const auto& point : points) by_key[point.key].add(point.sums);
  std::vector<std::pair<std::string, Sums>> order(by_key.begin(), by_key.end());
  std::ranges::stable_sort(order, std::greater{}, [](const auto& pair) { return pair.second.messages; });
  if (order.size() > static_cast<std::size_t>(limit)) order.resize(static_cast<std::size_t>(limit));
  writer.key(name).begin_array();
  for (const auto& [key, sums] : order) {
    writer.begin_object().field("key", key_or_null(key));
    write_sums(writer, sums);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

base::Result<std::string> Metrics::timeseries(const Query& query) {
  Parameters parameters(query);
  const Range range = read_range(parameters, clock_.now());
  const auto by = read_key(parameters, query);
  std::int64_t buckets = 0;
  parameters.number("buckets", 1, k_most_buckets, k_default_buckets, buckets);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  const auto wanted = cover(range, buckets, by);
  const auto points = store_.metrics(wanted);
  if (!points) return base::forward(points);
  const auto totals = totals_of(store_, wanted.from, wanted.until, wanted.bucket);
  if (!totals) return base::forward(totals);
  const auto previous =
      totals_of(store_, wanted.from - (wanted.until - wanted.from), wanted.from, wanted.bucket);
  if (!previous) return base::forward(previous);
  Groups groups;
  if (by == store::MetricKey::none) groups[""];
  for (const auto& point : *points) groups[point.key][point.bucket].add(point.sums);

  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("from", base::format_rfc3339(wanted.from))
      .field("to", base::format_rfc3339(wanted.until))
      .field("bucketSeconds", wanted.bucket.count() / 1000)
      .key("groups")
      .begin_array();
  for (const auto* group : largest(groups)) write_group(writer, *group, wanted);
  writer.end_array().key("totals").begin_object();
  write_sums(writer, *totals);
  writer.end_object().key("previous").begin_object();
  write_sums(writer, *previous);
  writer.end_object().end_object();
  return json;
}

base::Result<std::string> Metrics::top(const Query& query) {
  Parameters parameters(query);
  const Range range = read_range(parameters, clock_.now());
  std::int64_t limit = 0;
  parameters.number("limit", 1, k_most_top, 10, limit);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  auto wanted = cover(range, 1, store::MetricKey::agent);
  const auto agents = store_.metrics(wanted);
  if (!agents) return base::forward(agents);
  wanted.by = store::MetricKey::model;
  const auto models = store_.metrics(wanted);
  if (!models) return base::forward(models);
  store::SessionQuery dearest;
  dearest.from = wanted.from;
  dearest.until = wanted.until;
  dearest.sort = store::SessionSort::cost;
  dearest.limit = limit;
  const auto sessions = store_.sessions(dearest);
  if (!sessions) return base::forward(sessions);
  const auto errors = store_.errors(wanted.from, wanted.until, limit);
  if (!errors) return base::forward(errors);

  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object();
  write_top(writer, "agents", *agents, limit);
  write_top(writer, "models", *models, limit);
  writer.key("sessions").begin_array();
  for (const auto& session : sessions->sessions) writer.raw(to_json(session));
  writer.end_array().key("errors").begin_array();
  for (const auto& error : *errors) {
    writer.begin_object()
        .field("sessionId", error.session_id)
        .field("sessionName", error.session_name)
        .field("timestamp", base::format_rfc3339(error.at))
        .field("message", error.message)
        .field("agentType", error.agent_type)
        .end_object();
  }
  writer.end_array().end_object();
  return json;
}

base::Result<std::string> Metrics::summary(const Query& query) {
  Parameters parameters(query);
  std::optional<base::Timestamp> from, until;
  parameters.time("startDate", from);
  parameters.time("endDate", until, Parameters::Edge::end);
  if (parameters.error()) return tl::unexpected(*parameters.error());
  const auto summary = store_.summary(from, until);
  if (!summary) return base::forward(summary);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("totalConversations", summary->sessions)
      .field("activeConversations", summary->active)
      .field("totalMessages", summary->messages)
      .field("totalTokens", summary->tokens)
      .field("totalCost", summary->cost)
      .field("averageConversationDuration", summary->average_duration_ms)
      .key("topAgents")
      .begin_array();
  for (const auto& agent : summary->agents) {
    writer.begin_object()
        .field("type", agent.type)
        .field("count", agent.sessions)
        .field("totalCost", agent.cost)
        .end_object();
  }
  writer.end_array().end_object();
  return json;
}

}  // namespace agentpipe::service
