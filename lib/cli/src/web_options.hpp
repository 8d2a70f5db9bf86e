#pragma once

#include <optional>
#include <string>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/config/web_settings.hpp"

namespace CLI {
class App;
}

namespace agentpipe::cli {

/// The flags of `web` and its subcommands; each overrides the setting of the same name.
struct WebOptions {
  std::optional<std::string> listen;
  std::optional<std::string> database;
  std::optional<std::string> auth;
  std::optional<std::string> base_path;
  std::optional<std::string> public_url;
  std::optional<std::string> threads;
  std::optional<std::string> drain_timeout;
  std::optional<std::string> silence_timeout;
  std::optional<std::string> retain;
  std::optional<std::string> retain_size;
  std::optional<std::string> tls_cert;
  std::optional<std::string> tls_key;
  std::optional<std::string> trusted_proxies;
};

void add_web_options(CLI::App& app, WebOptions& options);

/// Flags over environment over file over defaults.
base::Result<config::WebSettings> load_web_settings(const WebOptions& options, const World& world);

}  // namespace agentpipe::cli
