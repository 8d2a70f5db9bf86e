#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/http/log_stream.hpp"
#include "agentpipe/http/server.hpp"
#include "agentpipe/http/static_files.hpp"
#include "agentpipe/http/workers.hpp"
#include "agentpipe/hub/hub.hpp"
#include "agentpipe/service/access.hpp"
#include "agentpipe/service/diagnostics.hpp"
#include "agentpipe/service/export.hpp"
#include "agentpipe/service/file_upload.hpp"
#include "agentpipe/service/ingest.hpp"
#include "agentpipe/service/ingest_stats.hpp"
#include "agentpipe/service/keys.hpp"
#include "agentpipe/service/live.hpp"
#include "agentpipe/service/manage.hpp"
#include "agentpipe/service/metrics.hpp"
#include "agentpipe/service/rate_limits.hpp"
#include "agentpipe/service/search.hpp"
#include "agentpipe/service/sessions.hpp"
#include "agentpipe/service/shares.hpp"
#include "agentpipe/service/traces.hpp"

/// The wire of this product: its endpoints (product.md section 4) bound to the use cases.
namespace agentpipe::http {

/// How cookies travel: `secure` ones over TLS only.
enum class Transport : unsigned char { plain, secure };

/// What the endpoints work with. Everything referred to must outlive the server and the workers; so must
/// this.
struct Site {
  service::Access& access;
  service::Ingest& ingest;
  service::Sessions& sessions;
  service::Live& live;
  service::Manage& manage;
  service::Search& search;
  service::Metrics& metrics;
  service::Keys& keys;
  service::Shares& shares;
  service::Exports& exports;
  service::FileUploads& files;
  service::Traces& traces;
  service::Diagnostics& diagnostics;
  service::IngestStats& ingest_stats;
  service::RateLimits& limits;
  store::Store& store;
  hub::Hub& hub;
  Workers& workers;
  base::Clock& clock;
  FindFile find_file;      ///< the browser pages; may find nothing
  std::string base_path;   ///< "" or "/prefix"
  std::string public_url;  ///< what browsers call us, without a slash at the end; empty: as the request says
  std::string version;
  Transport transport = Transport::plain;
  std::function<bool()> draining = [] { return false; };  ///< does the server stop? Thread-safe
};

/// Every endpoint but the pages, in the order of the tables.
std::vector<Route> make_routes(const Site& site);
Router make_router(const Site& site);
Gate make_gate(const Site& site);

}  // namespace agentpipe::http
