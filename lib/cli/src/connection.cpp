#include "connection.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>

#include "agentpipe/config/keys.hpp"
#include "logging.hpp"

namespace agentpipe::cli {

namespace {

constexpr const char* k_group = "Connection";

void add_override(std::vector<config::Override>& list, std::string_view key,
                  const std::optional<std::string>& value, const char* flag) {
  if (value) list.push_back({key, *value, flag});
}

base::Result<std::vector<config::Override>> overrides(const ConnectionFlags& flags) {
  std::vector<config::Override> list;
  add_override(list, "url", flags.url, "--url");
  add_override(list, "timeout_ms", flags.timeout_ms, "--timeout-ms");
  add_override(list, "retry_attempts", flags.retry_attempts, "--retry-attempts");
  add_override(list, "machine", flags.machine, "--machine");
  add_override(list, "ca_file", flags.ca_file, "--ca-file");
  if (flags.allow_plain_http) list.push_back({"allow_plain_http", "true", "--allow-plain-http"});
  if (flags.key_file) {
    const auto key = config::read_key_file(*flags.key_file);
    if (!key) return base::forward(key);
    list.push_back({"api_key", key->reveal(), "--api-key-file"});
  }
  return list;
}

tl::unexpected<base::Error> switched_off(const config::ClientSettings& settings) {
  if (!settings.file_exists) {
    return base::failure(base::ErrorCode::configuration,
                         "nothing is set up yet; run agentpipe-bridge setup, or name a server with --url");
  }
  return base::failure(
      base::ErrorCode::configuration,
      "delivery is switched off (enabled is false: " + config::to_string(settings.enabled.origin) +
          "); run agentpipe-bridge enable or setup, or name a server with --url");
}

}  // namespace

config::Sources sources_of(const World& world, std::vector<config::Override> flags) {
  config::Sources sources{world.environment, world.paths, {}, std::move(flags)};
  if (world.globals.config_file)
    sources.config_file = config::expand_home(*world.globals.config_file, world.paths.home);
  return sources;
}

void add_connection_flags(CLI::App& app, ConnectionFlags& flags) {
  app.add_option("--url,--server", flags.url, "The server to talk to; delivery need not be enabled then")
      ->type_name("URL")
      ->group(k_group);
  app.add_option("--api-key-file", flags.key_file, "Take the key from this file (mode 0600)")
      ->type_name("FILE")
      ->group(k_group);
  app.add_option("--timeout-ms", flags.timeout_ms, "How long one request may take")
      ->type_name("MS")
      ->group(k_group);
  app.add_option("--machine", flags.machine, "Label of this computer")->type_name("NAME")->group(k_group);
  app.add_option("--ca-file", flags.ca_file, "Certificates (PEM) to trust in place of the system's")
      ->type_name("FILE")
      ->group(k_group);
  app.add_flag("--allow-plain-http", flags.allow_plain_http,
               "Send the key over plain http to other computers too")
      ->group(k_group);
}

void add_retry_flag(CLI::App& app, ConnectionFlags& flags) {
  app.add_option("--retry-attempts", flags.retry_attempts, "How often upload repeats a failed request")
      ->type_name("N")
      ->group(k_group);
}

base::Result<config::ClientSettings> load_settings(const World& world, const ConnectionFlags& flags) {
  auto list = overrides(flags);
  if (!list) return base::forward(list);
  auto settings = config::load_client_settings(sources_of(world, std::move(*list)));
  if (!settings) return settings;
  start_logging(world, *settings->log_level);
  if (world.globals.verbosity == Verbosity::quiet) return settings;
  for (const std::string& warning : settings->warnings) world.err << "warning: " << warning << '\n';
  return settings;
}

base::Result<config::ClientSettings> load_settings_to_send(const World& world, const ConnectionFlags& flags) {
  auto settings = load_settings(world, flags);
  if (!settings) return settings;
  if (!*settings->enabled && !flags.url) return switched_off(*settings);
  return settings;
}

base::Result<delivery::Endpoint> endpoint_of(const config::ClientSettings& settings) {
  const auto plain =
      *settings.allow_plain_http ? delivery::PlainHttp::allowed : delivery::PlainHttp::loopback_only;
  auto endpoint = delivery::make_endpoint(*settings.url, *settings.api_key, plain);
  if (!endpoint) return endpoint;
  endpoint->total_timeout = *settings.timeout;
  endpoint->ca_file = *settings.ca_file;
  return endpoint;
}

std::string machine_label(const config::ClientSettings& settings) {
  if (!settings.machine->empty()) return *settings.machine;
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace agentpipe::cli
