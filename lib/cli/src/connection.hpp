#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "agentpipe/delivery/endpoint.hpp"

namespace CLI {
class App;
}

namespace agentpipe::cli {

/// The flags of every command that talks to a server: --url (--server), --api-key-file, --timeout-ms,
/// --machine, --ca-file, --allow-plain-http. There is no flag for the key itself: a process list is public.
/// `upload` has --retry-attempts besides.
struct ConnectionFlags {
  std::optional<std::string> url;
  std::optional<std::string> key_file;
  std::optional<std::string> timeout_ms;
  std::optional<std::string> retry_attempts;
  std::optional<std::string> machine;
  std::optional<std::string> ca_file;
  bool allow_plain_http = false;
};

void add_connection_flags(CLI::App& app, ConnectionFlags& flags);
void add_retry_flag(CLI::App& app, ConnectionFlags& flags);

/// Where settings come from in this world: --config, the environment, the usual places and these flags.
config::Sources sources_of(const World& world, std::vector<config::Override> flags);

/// The effective settings: flags over environment over file over defaults. Starts logging at their level and
/// prints their warnings. For commands that only look (`status`).
base::Result<config::ClientSettings> load_settings(const World& world, const ConnectionFlags& flags);

/// The same for commands that send: also refuses a key over plain http to another host, and delivery that is
/// switched off unless --url asks for it.
base::Result<config::ClientSettings> load_settings_to_send(const World& world, const ConnectionFlags& flags);

/// The server that the settings name, with their time-outs and certificates. `configuration` when the key
/// would cross a network over plain http.
base::Result<delivery::Endpoint> endpoint_of(const config::ClientSettings& settings);

/// What the server's lists call this computer: the setting, else the host name.
std::string machine_label(const config::ClientSettings& settings);

}  // namespace agentpipe::cli
