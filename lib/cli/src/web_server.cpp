#include "web_server.hpp"

#include <algorithm>
#include <atomic>
#include <optional>

#include "agentpipe/base/ip_address.hpp"
#include "agentpipe/base/log.hpp"
#include "agentpipe/base/url.hpp"
#include "agentpipe/cli/version.hpp"
#include "agentpipe/http/routes.hpp"
#include "agentpipe/hub/hub.hpp"
#include "agentpipe/service/access.hpp"
#include "agentpipe/service/export.hpp"
#include "agentpipe/service/ingest.hpp"
#include "agentpipe/service/keys.hpp"
#include "agentpipe/service/live.hpp"
#include "agentpipe/service/manage.hpp"
#include "agentpipe/service/metrics.hpp"
#include "agentpipe/service/rate_limits.hpp"
#include "agentpipe/service/retention.hpp"
#include "agentpipe/service/search.hpp"
#include "agentpipe/service/sessions.hpp"
#include "agentpipe/service/shares.hpp"
#include "agentpipe/store/postgres/open.hpp"
#include "agentpipe/store/sqlite/maintenance.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "agentpipe/webui/assets.hpp"
#include "web_agents.hpp"
#include "web_chores.hpp"
#include "web_diagnostics.hpp"
#include "web_files.hpp"
#include "web_redaction.hpp"

namespace agentpipe::cli {

namespace {

std::optional<http::StaticFile> find_page(std::string_view path) {
  const auto* asset = webui::find(path);
  if (asset == nullptr) return std::nullopt;
  return http::StaticFile{asset->content_type, asset->etag, asset->gzip, asset->immutable};
}

}  // namespace

base::Result<std::unique_ptr<store::Store>> open_store(const config::WebSettings& settings,
                                                       base::Clock& clock, store::Access access) {
  const auto& database = *settings.database;
  if (database.is_file())
    return store::open_sqlite({.path = database.file(), .clock = clock, .access = access});
  return store::open_postgres({.url = database.text, .clock = clock, .access = access});
}

namespace {

service::RateOptions rates(const config::WebSettings& settings) {
  constexpr double k_write_burst = 20;  // seconds' worth
  constexpr double k_read_burst = 10;
  const double write = *settings.ingest_rate;
  const double read = *settings.read_rate;
  return {.write = {write, write * k_write_burst}, .read = {read, read * k_read_burst}};
}

/// Whether browsers come by TLS: to us, or to the proxy in front of us.
bool is_secure(const config::WebSettings& settings) {
  return !settings.tls_cert->empty() || settings.public_url->starts_with("https://");
}

}  // namespace

/// In the order of construction: each part outlives those behind it.
struct WebServer::Parts {
  Parts(std::unique_ptr<store::Store> opened, std::unique_ptr<service::Access> checked,
        std::unique_ptr<service::Shares> shared, const config::WebSettings& given,
        const config::Environment& environment, base::Clock& time)
      : clock(time),
        settings(given),
        store(std::move(opened)),
        access(std::move(checked)),
        shares(std::move(shared)),
        hub(store->epoch(), store->last_number()),
        ingest(*store, clock, [this](const model::Event& event) { hub.broadcast(event); }),
        sessions(*store),
        live(*store),
        manage(*store, clock),
        search(*store, clock),
        metrics(*store, clock),
        keys(*access, clock),
        exports(*store, clock, export_redactor()),
        files(*store, clock, file_reader(clock)),
        traces(*store, clock, trace_readers(clock)),
        agents(clock, environment),
        ingest_stats(clock),
        limits(clock, rates(given)),
        retention(*store, clock, {*given.retain, *given.retain_size},
                  [this] { return store::used_bytes_sqlite(settings.database->file()); }),
        diagnostics(*store, hub, ingest_stats, clock, diagnostic_sources(environment)),
        site{.access = *access,
             .ingest = ingest,
             .sessions = sessions,
             .live = live,
             .manage = manage,
             .search = search,
             .metrics = metrics,
             .keys = keys,
             .shares = *shares,
             .exports = exports,
             .files = files,
             .traces = traces,
             .diagnostics = diagnostics,
             .ingest_stats = ingest_stats,
             .limits = limits,
             .store = *store,
             .hub = hub,
             .workers = workers,
             .clock = clock,
             .find_file = find_page,
             .base_path = *given.base_path,
             .public_url = *given.public_url,
             .version = std::string(k_version),
             .transport = is_secure(given) ? http::Transport::secure : http::Transport::plain,
             .draining = [this] { return draining.load(); }} {
    store->on_commit([this](auto events) {
      ingest_stats.committed(events);
      hub.publish(events);
    });
  }

  service::DiagnosticSources diagnostic_sources(const config::Environment& environment) {
    return {.agents = [this](service::Refresh refresh) { return agents.list(refresh); },
            .streams = [this] { return stream_figures(); },
            .database = [this] { return database_figures(*settings.database, *store); },
            .environment = environment_rows(environment),
            .configuration = configuration_rows(settings),
            .version = std::string(k_version)};
  }
  [[nodiscard]] service::StreamFigures stream_figures() const {
    const auto* listening = running.load();
    if (listening == nullptr) return {};
    const auto stats = listening->stats();
    return {stats.streams, stats.connections, stats.requests, stats.refused_connections,
            stats.behind,  stats.slow_closed};
  }

  base::Clock& clock;
  const config::WebSettings settings;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<service::Access> access;
  std::unique_ptr<service::Shares> shares;
  hub::Hub hub;
  service::Ingest ingest;
  service::Sessions sessions;
  service::Live live;
  service::Manage manage;
  service::Search search;
  service::Metrics metrics;
  service::Keys keys;
  service::Exports exports;
  service::FileUploads files;
  service::Traces traces;
  HostAgents agents;
  service::IngestStats ingest_stats;
  service::RateLimits limits;
  service::Retention retention;
  service::Diagnostics diagnostics;
  http::Workers workers;
  http::Site site;
  std::unique_ptr<http::Server> server;
  std::atomic<http::Server*> running{nullptr};  // for those who may ask before it is there
  std::atomic<bool> draining{false};
  std::optional<Housekeeping> quick_chores, slow_chores;  // go before what they work on
  base::Secret new_key;
};

namespace {

http::ServerOptions server_options(const config::WebSettings& settings, const std::vector<int>& sockets) {
  http::ServerOptions options;
  options.sockets = sockets;
  options.listen.clear();
  if (sockets.empty()) options.listen.push_back(config::to_string(*settings.listen));
  if (!settings.tls_cert->empty()) options.tls = {*settings.tls_cert, *settings.tls_key};
  // It was checked when it was read.
  options.trusted_proxies = base::parse_ip_ranges(*settings.trusted_proxies).value();
  options.timeouts.rotation = *settings.stream_rotation;
  options.limits.streams_per_caller = *settings.streams_per_key;
  options.threads = *settings.threads;
  options.base_path = *settings.base_path;
  options.timeouts.heartbeat = *settings.heartbeat;
  options.limits.connections = *settings.max_connections;
  if (const auto& url = *settings.public_url; !url.empty()) {
    // It was checked when it was read.
    const auto parsed = base::parse_base_url(url).value();
    options.host_names.push_back(parsed.host);
    options.origins.push_back(url.substr(0, url.find('/', url.find("://") + 3)));
  }
  return options;
}

void report(const base::Result<void>& done, std::string_view what) {
  if (!done) base::log(base::LogLevel::warn, what, {{"reason", done.error().detail}});
}

}  // namespace

WebServer::WebServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
WebServer::~WebServer() {
  stop(base::Milliseconds{0});
}

base::Result<std::unique_ptr<WebServer>> WebServer::start(const config::WebSettings& settings,
                                                          const World& world, const ServiceManager& manager) {
  auto& clock = world.clock;
  auto store = open_store(settings, clock, store::Access::serve);
  if (!store) return base::forward(store);
  const auto readers =
      config::reading_needs_login(settings) ? service::ReadersNeed::key : service::ReadersNeed::nothing;
  auto access = service::Access::open(**store, clock, readers, *settings.api_key);
  if (!access) return base::forward(access);
  auto shares = service::Shares::open(**store, clock);
  if (!shares) return base::forward(shares);
  auto parts = std::make_unique<Parts>(std::move(*store), std::move(*access), std::move(*shares), settings,
                                       world.environment, clock);

  auto server = http::Server::listen(server_options(settings, manager.sockets()),
                                     http::make_router(parts->site), http::make_gate(parts->site), clock);
  if (!server) return base::forward(server);
  parts->server = std::move(*server);
  parts->running = parts->server.get();
  parts->hub.on_news(
      [listening = parts->server.get()](const hub::News& news) { listening->wake_streams(news); });
  if (!parts->access->has_ingest_key()) {
    auto made = parts->access->create_key(
        {"first", {service::Scope::ingest, service::Scope::read, service::Scope::admin}});
    if (!made) return base::forward(made);
    parts->new_key = std::move(made->secret);
  }
  parts->quick_chores.emplace(clock, quick_chores(*parts->access, *parts->server, manager));
  parts->slow_chores.emplace(
      clock, slow_chores(*parts->store, *parts->access, parts->retention, parts->settings, clock));
  return std::unique_ptr<WebServer>(new WebServer(std::move(parts)));
}

std::vector<std::string> WebServer::urls() const {
  std::vector<std::string> urls;
  for (const auto& address : parts_->server->addresses())
    urls.push_back((parts_->settings.tls_cert->empty() ? "http://" : "https://") + address +
                   parts_->site.base_path);
  return urls;
}

const base::Secret& WebServer::new_key() const {
  return parts_->new_key;
}

void WebServer::reload() {
  report(parts_->access->reload(), "keys not refreshed");
  const auto loaded = parts_->server->reload_tls();
  if (!loaded)
    base::log(base::LogLevel::error, "the certificate stays as it was", {{"reason", loaded.error().message}});
}

void WebServer::stop(base::Milliseconds grace) {
  parts_->draining = true;
  parts_->slow_chores.reset();
  parts_->server->stop(grace);
  parts_->quick_chores.reset();
  parts_->workers.stop();
  if (parts_->store) report(parts_->access->save_uses(), "uses of keys not noted");
  // Commits what is queued and publishes it: while the hub is still there.
  parts_->store.reset();
}

}  // namespace agentpipe::cli
