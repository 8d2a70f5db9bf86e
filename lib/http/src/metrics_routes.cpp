#include "route_tables.hpp"
#include "route_tools.hpp"

namespace agentpipe::http {

namespace {

using MetricsReader = base::Result<std::string> (service::Metrics::*)(const service::Query&);

Handler reads_metrics(const Site& site, MetricsReader reader) {
  return worked(site, [&site, reader](const Request& request) {
    return to_response((site.metrics.*reader)(query_of(request)), request);
  });
}

}  // namespace

RouteTable metrics_routes(const Site& site) {
  return {
      {Method::get, "/api/metrics/timeseries", 0, Access::read,
       reads_metrics(site, &service::Metrics::timeseries)},
      {Method::get, "/api/metrics/top", 0, Access::read, reads_metrics(site, &service::Metrics::top)},
      {Method::get, "/api/metrics/summary", 0, Access::read, reads_metrics(site, &service::Metrics::summary)},
  };
}

}  // namespace agentpipe::http
