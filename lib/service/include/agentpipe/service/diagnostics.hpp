#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/hub/hub.hpp"
#include "agentpipe/service/ingest_stats.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// A command-line tool of an agent on the server's host.
struct AgentTool {
  std::string_view type, name, command, docs_url;
  std::string path;     ///< empty: not installed
  std::string version;  ///< empty: not known (yet)
};

struct NamedValue {
  std::string name;
  std::string value;
  std::string origin = {};  ///< of a setting
};

/// Figures that only the parts themselves know.
struct StreamFigures {
  std::size_t subscribers = 0;
  std::size_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::size_t behind = 0;
  std::uint64_t dropped_slow = 0;
};
struct DatabaseFigures {
  std::string kind;
  std::uint64_t bytes = 0;
  // Of a database on this machine only.
  std::optional<std::uint64_t> log_bytes = {};   ///< of the write-ahead log
  std::optional<std::uint64_t> free_bytes = {};  ///< on its disk
};

enum class Refresh : unsigned char { cached, now };

/// Where the figures come from; each is called on a worker, thread-safe.
struct DiagnosticSources {
  std::function<std::vector<AgentTool>(Refresh)> agents;
  std::function<StreamFigures()> streams;
  std::function<DatabaseFigures()> database;
  std::vector<NamedValue> environment;    ///< secrets masked already
  std::vector<NamedValue> configuration;  ///< the same
  std::string version;
};

/// How the server is. Reads the disk: not for a network loop. Thread-safe.
class Diagnostics {
 public:
  Diagnostics(store::Store& store, const hub::Hub& hub, const IngestStats& ingest, const base::Clock& clock,
              DiagnosticSources sources);

  /// GET /api/diagnostics
  [[nodiscard]] std::string json(Refresh refresh) const;
  /// GET /metrics: text format 0.0.4 of Prometheus.
  [[nodiscard]] std::string prometheus() const;
  /// GET /api/realtime/stats, as the existing web server answers.
  [[nodiscard]] std::string realtime_json() const;
  /// GET /api/diagnostics/events: the newest events, without their content.
  [[nodiscard]] base::Result<std::string> events_json() const;
  /// GET /api/agents/available
  [[nodiscard]] std::string agents_json(Refresh refresh) const;

 private:
  struct Check;
  [[nodiscard]] std::vector<Check> checks(const DatabaseFigures& database,
                                          const std::vector<AgentTool>& agents) const;

  store::Store& store_;
  const hub::Hub& hub_;
  const IngestStats& ingest_;
  const base::Clock& clock_;
  const DiagnosticSources sources_;
  const base::Ticks started_;
};

}  // namespace agentpipe::service
