#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/http/routes.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "http_client.hpp"
#include "temporary_directory.hpp"

namespace agentpipe::test {

inline base::Result<service::FileContents> read_nothing(std::string_view, const std::string&,
                                                        std::string_view) {
  return service::FileContents{};
}
inline base::Result<model::Trace> read_no_trace(std::string_view) {
  return model::Trace{};
}
inline service::DiagnosticSources no_figures() {
  return {.agents = [](service::Refresh) { return std::vector<service::AgentTool>(); },
          .streams = [] { return service::StreamFigures(); },
          .database = [] { return service::DatabaseFigures(); },
          .environment = {},
          .configuration = {},
          .version = "1.2.3"};
}

/// The whole server on a database of its own, wired as the program does it.
class WholeServer {
 public:
  explicit WholeServer(service::ReadersNeed readers = service::ReadersNeed::nothing)
      : store_(store::open_sqlite({.path = folder_.path() / "web.db", .clock = clock_}).value()),
        access_(service::Access::open(*store_, clock_, readers, base::Secret("ap_live_test_key_0123456789"))
                    .value()),
        hub_(store_->epoch(), store_->last_number()),
        ingest_(*store_, clock_, [this](const model::Event& event) { hub_.broadcast(event); }),
        sessions_(*store_),
        live_(*store_),
        keys_(*access_, clock_),
        exports_(*store_, clock_, [](model::Event&) {}),
        shares_(service::Shares::open(*store_, clock_).value()),
        files_(*store_, clock_, read_nothing),
        traces_(*store_, clock_, {read_no_trace, read_no_trace}),
        ingest_stats_(clock_),
        diagnostics_(*store_, hub_, ingest_stats_, clock_, no_figures()),
        site_{.access = *access_,
              .ingest = ingest_,
              .sessions = sessions_,
              .live = live_,
              .manage = manage_,
              .search = search_,
              .metrics = metrics_,
              .keys = keys_,
              .shares = *shares_,
              .exports = exports_,
              .files = files_,
              .traces = traces_,
              .diagnostics = diagnostics_,
              .ingest_stats = ingest_stats_,
              .limits = limits_,
              .store = *store_,
              .hub = hub_,
              .workers = workers_,
              .clock = clock_,
              .find_file = [](std::string_view) { return std::optional<http::StaticFile>(); },
              .base_path = "",
              .public_url = "",
              .version = "1.2.3"} {
    store_->on_commit([this](auto events) { hub_.publish(events); });
    http::ServerOptions options;
    options.listen = {"127.0.0.1:0"};
    server_ = http::Server::listen(options, http::make_router(site_), http::make_gate(site_), clock_).value();
    hub_.on_news([this](const hub::News& news) { server_->wake_streams(news); });
  }
  ~WholeServer() {
    server_->stop(base::Milliseconds(0));
    workers_.stop();
    store_.reset();
  }
  WholeServer(const WholeServer&) = delete;
  WholeServer& operator=(const WholeServer&) = delete;

  [[nodiscard]] test::HttpClient client() const {
    const auto& address = server_->addresses().front();
    return test::HttpClient(static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1))));
  }
  service::Access& access() { return *access_; }
  service::Shares& shares() { return *shares_; }
  [[nodiscard]] std::vector<http::Route> routes() const { return http::make_routes(site_); }

 private:
  test::TemporaryDirectory folder_;
  base::SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<service::Access> access_;
  hub::Hub hub_;
  service::Ingest ingest_;
  service::Sessions sessions_;
  service::Live live_;
  service::Manage manage_{*store_, clock_};
  service::Search search_{*store_, clock_};
  service::Metrics metrics_{*store_, clock_};
  service::Keys keys_;
  service::Exports exports_;
  std::unique_ptr<service::Shares> shares_;
  service::FileUploads files_;
  service::Traces traces_;
  service::IngestStats ingest_stats_;
  service::Diagnostics diagnostics_;
  service::RateLimits limits_{clock_};
  http::Workers workers_;
  http::Site site_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace agentpipe::test
