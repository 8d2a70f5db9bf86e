#include "diagnostics.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"

namespace agentpipe::service {

namespace {

constexpr std::uint64_t k_little_space = 1ULL << 30U;
constexpr std::uint64_t k_no_space = 100ULL << 20U;
constexpr std::uint64_t k_long_log = 512ULL << 20U;
constexpr std::array<std::string_view, 3> k_states{"ok", "warn", "error"};
constexpr std::array<std::string_view, 3> k_sentences{
    "Everything works.", "It works; something deserves a look.", "Something does not work."};

void write_agents(model::JsonWriter& writer, const std::vector<AgentTool>& agents) {
  writer.key("agents").begin_array();
  for (const auto& agent : agents) {
    const bool installed = !agent.path.empty();
    writer.begin_object()
        .field("type", agent.type)
        .field("name", agent.name)
        .field("command", agent.command)
        .field("installed", installed)
        .field("version", agent.version.empty() ? std::nullopt : std::optional(agent.version))
        .field("path", installed ? std::optional(agent.path) : std::nullopt)
        .field("docsUrl", agent.docs_url)
        .end_object();
  }
  writer.end_array();
}

/// What the database says of itself, and how long it takes for a small question.
struct Contents {
  std::optional<std::int64_t> sessions, messages;
  double latency_ms = 0;
};

Contents contents_of(store::Store& store, const base::Clock& clock) {
  Contents contents;
  const auto begun = clock.ticks();
  contents.sessions = count_sessions(store, {});
  contents.latency_ms = std::chrono::duration<double, std::milli>(clock.ticks() - begun).count();
  if (const auto summary = store.summary({}, {})) contents.messages = summary->messages;
  return contents;
}

void write_database(model::JsonWriter& writer, const DatabaseFigures& database, const Contents& contents) {
  writer.key("database")
      .begin_object()
      .field("kind", database.kind)
      .field("bytes", database.bytes)
      .field("walBytes", database.log_bytes)
      .field("freeBytes", database.free_bytes)
      .field("sessions", contents.sessions)
      .field("messages", contents.messages)
      .field("latencyMs", contents.latency_ms)
      .end_object();
}

void write_ingest(model::JsonWriter& writer, const IngestStats::Snapshot& ingest) {
  writer.key("ingest").begin_object().field("eventsPerSecond", ingest.events_per_second);
  writer.field("lastAt", base::format_rfc3339(ingest.last_at));
  writer.key("rejected").begin_object();
  for (const auto& [reason, count] : ingest.rejected) writer.field(reason, count);
  writer.end_object().end_object();
}

}  // namespace

std::optional<std::int64_t> count_sessions(store::Store& store, std::vector<model::Status> status) {
  store::SessionQuery query;
  query.status = std::move(status);
  query.limit = 1;
  const auto page = store.sessions(query);
  return page ? std::optional(page->total) : std::nullopt;
}

Diagnostics::Diagnostics(store::Store& store, const hub::Hub& hub, const IngestStats& ingest,
                         const base::Clock& clock, DiagnosticSources sources)
    : store_(store),
      hub_(hub),
      ingest_(ingest),
      clock_(clock),
      sources_(std::move(sources)),
      started_(clock.ticks()) {}

std::vector<Diagnostics::Check> Diagnostics::checks(const DatabaseFigures& database,
                                                    const std::vector<AgentTool>& agents) const {
  using State = Check::State;
  const auto store = store_.health();
  const auto installed = std::ranges::count_if(agents, [](const auto& agent) { return !agent.path.empty(); });
  std::vector<Check> list;
  list.push_back({"store", "Database", store ? State::ok : State::error,
                  store ? "can be written" : store.error().message,
                  store ? "" : "Free the disk or mend the database; agentpipe-web tries again by itself."});
  if (const auto free = database.free_bytes) {
    const auto disk = *free < k_no_space ? State::error : *free < k_little_space ? State::warn : State::ok;
    list.push_back({"disk", "Free disk space", disk, base::human_bytes(*free),
                    disk == State::ok ? "" : "Delete old sessions or make room on the database's disk."});
  }
  if (const auto log = database.log_bytes) {
    const bool is_long = *log > k_long_log;
    list.push_back({"wal", "Write-ahead log", is_long ? State::warn : State::ok, base::human_bytes(*log),
                    is_long ? "A long-running reader keeps it from being copied back." : ""});
  }
  list.push_back({"agents", "Agents on this host", installed > 0 ? State::ok : State::warn,
                  std::to_string(installed) + " found",
                  installed > 0 ? "" : "None is needed here: sessions may come from other machines."});
  return list;
}

std::string Diagnostics::json(Refresh refresh) const {
  const auto agents = sources_.agents(refresh);
  const auto database = sources_.database();
  const auto streams = sources_.streams();
  const auto list = checks(database, agents);
  auto worst = Check::State::ok;
  for (const auto& check : list)
    if (check.id != "agents") worst = std::max(worst, check.state);

  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("status", k_states[static_cast<std::size_t>(worst)])
      .field("sentence", k_sentences[static_cast<std::size_t>(worst)]);
  writer.key("checks").begin_array();
  for (const auto& check : list)
    writer.begin_object()
        .field("id", check.id)
        .field("name", check.name)
        .field("state", k_states[static_cast<std::size_t>(check.state)])
        .field("value", check.value)
        .field("hint", check.hint)
        .end_object();
  writer.end_array();
  write_agents(writer, agents);
  writer.key("environment").begin_array();
  for (const auto& row : sources_.environment)
    writer.begin_object().field("name", row.name).field("value", row.value).end_object();
  writer.end_array().key("configuration").begin_array();
  for (const auto& row : sources_.configuration)
    writer.begin_object()
        .field("key", row.name)
        .field("value", row.value)
        .field("origin", row.origin)
        .end_object();
  writer.end_array();
  writer.key("sse")
      .begin_object()
      .field("subscribers", static_cast<std::uint64_t>(streams.subscribers))
      .field("behind", static_cast<std::uint64_t>(streams.behind))
      .field("droppedSlow", streams.dropped_slow)
      .field("bytesQueued", static_cast<std::uint64_t>(hub_.stats().bytes))
      .end_object();
  write_database(writer, database, contents_of(store_, clock_));
  write_ingest(writer, ingest_.snapshot());
  const auto up = std::chrono::duration_cast<std::chrono::seconds>(clock_.ticks() - started_).count();
  writer.field("serverTime", base::format_rfc3339(clock_.now()))
      .field("uptimeSeconds", static_cast<std::int64_t>(up))
      .field("version", sources_.version)
      .end_object();
  return json;
}

std::string Diagnostics::realtime_json() const {
  const auto streams = sources_.streams();
  const auto ring = hub_.stats();
  std::string json;
  model::JsonWriter(json)
      .begin_object()
      .field("instanceId", hub_.epoch())
      .field("globalListeners", static_cast<std::uint64_t>(streams.subscribers))
      .field("conversationListeners", 0)
      .field("totalListeners", static_cast<std::uint64_t>(streams.subscribers))
      .field("bufferedEvents", static_cast<std::uint64_t>(ring.frames))
      .field("bufferCapacity", static_cast<std::uint64_t>(hub::RingLimits{}.frames))
      .field("timestamp", base::format_rfc3339(clock_.now()))
      .end_object();
  return json;
}

base::Result<std::string> Diagnostics::events_json() const {
  constexpr std::int64_t k_newest = 100;
  const auto last = store_.last_number();
  const auto events = store_.log({std::max<model::LogNumber>(last - k_newest, 0), last, {}, k_newest});
  if (!events) return base::forward(events);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("stats").raw(realtime_json()).key("bufferedEvents").begin_array();
  for (const auto& logged : *events)
    writer.begin_object()
        .field("type", model::type_name(logged.event))
        .field("timestamp", base::format_rfc3339(logged.event.at))
        .field("conversationId", model::conversation_id(logged.event))
        .field("number", logged.number)
        .end_object();
  writer.end_array().end_object();
  return json;
}

std::string Diagnostics::agents_json(Refresh refresh) const {
  const auto agents = sources_.agents(refresh);
  const auto installed = std::ranges::count_if(agents, [](const auto& agent) { return !agent.path.empty(); });
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object();
  write_agents(writer, agents);
  writer.field("totalAvailable", static_cast<std::int64_t>(installed))
      .field("totalUnavailable", static_cast<std::int64_t>(agents.size()) - installed)
      .end_object();
  return json;
}

}  // namespace agentpipe::service
