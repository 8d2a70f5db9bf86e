#include "web_server.hpp"

#include <optional>
#include <thread>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/url.hpp"
#include "agentpipe/cli/version.hpp"
#include "agentpipe/http/routes.hpp"
#include "agentpipe/hub/hub.hpp"
#include "agentpipe/service/access.hpp"
#include "agentpipe/service/ingest.hpp"
#include "agentpipe/service/live.hpp"
#include "agentpipe/service/manage.hpp"
#include "agentpipe/service/metrics.hpp"
#include "agentpipe/service/search.hpp"
#include "agentpipe/service/sessions.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "agentpipe/webui/assets.hpp"

namespace agentpipe::cli {

namespace {

constexpr std::string_view k_sqlite = "sqlite:";
/// How soon a key that another process made or revoked is noticed.
constexpr base::Milliseconds k_key_refresh{1000};

std::optional<http::StaticFile> find_page(std::string_view path) {
  const auto* asset = webui::find(path);
  if (asset == nullptr) return std::nullopt;
  return http::StaticFile{asset->content_type, asset->etag, asset->gzip, asset->immutable};
}

}  // namespace

base::Result<std::unique_ptr<store::Store>> open_store(const config::WebSettings& settings,
                                                       base::Clock& clock, StoreUse use) {
  const auto& url = *settings.database;
  return store::open_sqlite({.path = url.substr(k_sqlite.size()),
                             .clock = clock,
                             .access = use == StoreUse::serve ? store::Access::serve : store::Access::visit});
}

/// In the order of construction: each part outlives those behind it.
struct WebServer::Parts {
  Parts(std::unique_ptr<store::Store> opened, std::unique_ptr<service::Access> checked, std::string base_path,
        base::Clock& time)
      : clock(time),
        store(std::move(opened)),
        access(std::move(checked)),
        hub(store->epoch(), store->last_number()),
        ingest(*store, clock, [this](const model::Event& event) { hub.broadcast(event); }),
        sessions(*store),
        live(*store),
        manage(*store, clock),
        search(*store, clock),
        metrics(*store, clock),
        site{*access,
             ingest,
             sessions,
             live,
             manage,
             search,
             metrics,
             *store,
             hub,
             workers,
             clock,
             find_page,
             std::move(base_path),
             std::string(k_version)} {
    store->on_commit([this](auto events) { hub.publish(events); });
  }

  base::Clock& clock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<service::Access> access;
  hub::Hub hub;
  service::Ingest ingest;
  service::Sessions sessions;
  service::Live live;
  service::Manage manage;
  service::Search search;
  service::Metrics metrics;
  http::Workers workers;
  http::Site site;
  std::unique_ptr<http::Server> server;
  std::jthread key_refresh;
  base::Secret new_key;
};

namespace {

http::ServerOptions server_options(const config::WebSettings& settings) {
  http::ServerOptions options;
  options.listen = {config::to_string(*settings.listen)};
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

}  // namespace

WebServer::WebServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
WebServer::~WebServer() {
  stop(base::Milliseconds{0});
}

base::Result<std::unique_ptr<WebServer>> WebServer::start(const config::WebSettings& settings,
                                                          base::Clock& clock) {
  auto store = open_store(settings, clock, StoreUse::serve);
  if (!store) return base::forward(store);
  const auto readers =
      config::reading_needs_login(settings) ? service::ReadersNeed::key : service::ReadersNeed::nothing;
  auto access = service::Access::open(**store, clock, readers, *settings.api_key);
  if (!access) return base::forward(access);
  auto parts = std::make_unique<Parts>(std::move(*store), std::move(*access), *settings.base_path, clock);

  auto server = http::Server::listen(server_options(settings), http::make_router(parts->site),
                                     http::make_gate(parts->site), clock);
  if (!server) return base::forward(server);
  parts->server = std::move(*server);
  parts->hub.on_news([listening = parts->server.get()] { listening->wake_streams(); });
  if (!parts->access->has_ingest_key()) {
    auto made = parts->access->create_key(
        "first", {service::Scope::ingest, service::Scope::read, service::Scope::admin});
    if (!made) return base::forward(made);
    parts->new_key = std::move(*made);
  }
  parts->key_refresh = std::jthread([access = parts->access.get(), &clock](const std::stop_token& stop) {
    while (clock.sleep(k_key_refresh, stop))
      if (auto done = access->reload(); !done)
        base::log(base::LogLevel::warn, "keys not refreshed", {{"reason", done.error().detail}});
  });
  return std::unique_ptr<WebServer>(new WebServer(std::move(parts)));
}

std::vector<std::string> WebServer::urls() const {
  std::vector<std::string> urls;
  for (const auto& address : parts_->server->addresses())
    urls.push_back("http://" + address + parts_->site.base_path);
  return urls;
}

const base::Secret& WebServer::new_key() const {
  return parts_->new_key;
}

void WebServer::stop(base::Milliseconds grace) {
  parts_->key_refresh.request_stop();
  parts_->server->stop(grace);
  parts_->workers.stop();
  // Commits what is queued and publishes it: while the hub is still there.
  parts_->store.reset();
}

}  // namespace agentpipe::cli
