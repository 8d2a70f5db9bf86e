#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/secret.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/config/web_settings.hpp"
#include "agentpipe/store/options.hpp"
#include "agentpipe/store/store.hpp"
#include "service_manager.hpp"

namespace agentpipe::cli {

/// Opens the database that the settings name.
base::Result<std::unique_ptr<store::Store>> open_store(const config::WebSettings& settings,
                                                       base::Clock& clock, store::Access access);

/// The server, wired: store → service → hub → http. Serves from its construction to stop().
class WebServer {
 public:
  static base::Result<std::unique_ptr<WebServer>> start(const config::WebSettings& settings,
                                                        const World& world, const ServiceManager& manager);
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;
  ~WebServer();

  /// "http://127.0.0.1:3000", with real ports.
  [[nodiscard]] std::vector<std::string> urls() const;
  /// The key that was made because there was none; empty otherwise.
  [[nodiscard]] const base::Secret& new_key() const;

  /// Reads keys and certificate anew; what cannot be read stays as it was, and is logged.
  void reload();
  /// Answers what is under way, ends streams, commits, closes the database. Returns within `grace` and a
  /// little.
  void stop(base::Milliseconds grace);

 private:
  struct Parts;
  explicit WebServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace agentpipe::cli
