#include <array>
#include <charconv>

#include "diagnostics.hpp"

namespace agentpipe::service {

namespace {

/// A label's value: backslash, quote and line feed escaped.
std::string label(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\n') {
      safe += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe;
}

std::string number(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return std::string(digits.data(), end);
}

void begin(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(kind).append("\n");
}

void single(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
            double value) {
  begin(out, name, kind, help);
  out.append(name).append(" ").append(number(value)).append("\n");
}

void ingest_metrics(std::string& out, const IngestStats::Snapshot& ingest) {
  begin(out, "agentpipe_ingest_events_total", "counter", "Events by type and what became of them.");
  for (const auto& [type, count] : ingest.by_type)
    out.append("agentpipe_ingest_events_total{type=\"")
        .append(label(type))
        .append("\",status=\"stored\"} ")
        .append(std::to_string(count))
        .append("\n");
  for (const auto& [reason, count] : ingest.rejected)
    out.append("agentpipe_ingest_events_total{type=\"unknown\",status=\"")
        .append(label(reason))
        .append("\"} ")
        .append(std::to_string(count))
        .append("\n");

  single(out, "agentpipe_otlp_passed_over_total", "counter",
         "Spans and log records of OpenTelemetry that tell nothing of a conversation.",
         static_cast<double>(ingest.passed_over));

  begin(out, "agentpipe_ingest_duration_seconds", "histogram", "From a whole request to its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < ingest.buckets.size(); ++i) {
    sum += ingest.buckets[i];
    const auto bound = i < IngestStats::k_bounds.size() ? number(IngestStats::k_bounds[i]) : "+Inf";
    out.append("agentpipe_ingest_duration_seconds_bucket{le=\"")
        .append(bound)
        .append("\"} ")
        .append(std::to_string(sum))
        .append("\n");
  }
  out.append("agentpipe_ingest_duration_seconds_sum ").append(number(ingest.seconds)).append("\n");
  out.append("agentpipe_ingest_duration_seconds_count ").append(std::to_string(sum)).append("\n");
}

}  // namespace

std::string Diagnostics::prometheus() const {
  const auto streams = sources_.streams();
  const auto database = sources_.database();
  const auto ring = hub_.stats();
  std::string out;
  begin(out, "agentpipe_build_info", "gauge", "The version in its label.");
  out.append("agentpipe_build_info{version=\"").append(label(sources_.version)).append("\"} 1\n");
  ingest_metrics(out, ingest_.snapshot());
  const auto gauge = [&](std::string_view name, std::string_view help, auto value) {
    single(out, name, "gauge", help, static_cast<double>(value));
  };
  gauge("agentpipe_sse_connections", "Open live streams.", streams.subscribers);
  gauge("agentpipe_active_conversations", "Sessions that have not ended.",
        count_sessions(store_, {model::Status::active}).value_or(0));
  gauge("agentpipe_http_connections", "Open connections.", streams.connections);
  single(out, "agentpipe_http_requests_total", "counter", "Requests.", static_cast<double>(streams.requests));
  single(out, "agentpipe_http_refused_connections_total", "counter", "Connections turned away at the limit.",
         static_cast<double>(streams.refused));
  gauge("agentpipe_hub_frames", "Recent events kept in memory.", ring.frames);
  gauge("agentpipe_hub_bytes", "Their size.", ring.bytes);
  gauge("agentpipe_store_bytes", "Size of the database.", database.bytes);
  if (const auto log = database.log_bytes)
    gauge("agentpipe_store_wal_bytes", "Size of its write-ahead log.", *log);
  if (const auto free = database.free_bytes)
    gauge("agentpipe_store_free_bytes", "Free space on its disk.", *free);
  gauge("agentpipe_store_writable", "1 when the store can write.", store_.health() ? 1 : 0);
  single(out, "agentpipe_log_events_total", "counter", "Number of the newest event in the log.",
         static_cast<double>(store_.last_number()));
  return out;
}

}  // namespace agentpipe::service
