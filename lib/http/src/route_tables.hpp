#pragma once

#include <vector>

#include "agentpipe/http/routes.hpp"

namespace agentpipe::http {

using RouteTable = std::vector<Route>;

/// The endpoints by area, one file each: `<area>_routes.cpp`.
RouteTable ingest_routes(const Site& site);
RouteTable otlp_routes(const Site& site);
RouteTable session_routes(const Site& site);
RouteTable manage_routes(const Site& site);
RouteTable existing_routes(const Site& site);
RouteTable search_routes(const Site& site);
RouteTable metrics_routes(const Site& site);
RouteTable stream_routes(const Site& site);
RouteTable health_routes(const Site& site);
RouteTable access_routes(const Site& site);
RouteTable share_routes(const Site& site);
RouteTable diagnostic_routes(const Site& site);
RouteTable export_routes(const Site& site);
RouteTable plain_routes(const Site& site);

}  // namespace agentpipe::http
