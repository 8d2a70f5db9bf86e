#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/utf8.hpp"
#include "agentpipe/delivery/capabilities.hpp"
#include "agentpipe/delivery/curl_transport.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "spool_sources.hpp"
#include "status_sources.hpp"
#include "versions.hpp"

namespace agentpipe::cli {

namespace {

using Json = nlohmann::ordered_json;

struct StatusOptions {
  ConnectionFlags connection;
  bool json = false;
  bool check = false;
};

/// What --check found out.
struct ServerState {
  bool reachable = false;
  std::string said;  ///< what it is, or why it could not be asked
};

constexpr std::string_view k_status_examples =
    "  agentpipe-bridge status\n"
    "  agentpipe-bridge status --json\n"
    "  agentpipe-bridge status --check                      also ask the server whether it is there\n";

void describe(CLI::App& app, StatusOptions& options) {
  app.add_flag("--json", options.json, "Print one JSON document");
  app.add_flag("--check", options.check, "Ask the server too; the exit code is 69 when it does not answer");
  add_connection_flags(app, options.connection);
}

std::string mode_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  std::string digits = "0000";
  for (int i = 3, bits = static_cast<int>(status.st_mode & 07777U); i >= 0; --i, bits /= 8) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + bits % 8);
  }
  return digits;
}

/// What the spool holds for this server, and how it went with it.
struct SpoolState {
  std::uint64_t waiting = 0;
  std::uint64_t for_others = 0;  ///< waits for other servers
  std::uint64_t dead_letters = 0;
  std::string since;  ///< the oldest that waits
  delivery::Journal journal;
};

base::Result<SpoolState> look_into_spool(const std::string& url, const World& world) {
  OpenedSpool spool(world);
  const auto sources = spool.folder.sources();
  if (!sources) return base::forward(sources);
  SpoolState state;
  state.journal = spool.folder.journal(url);
  for (const auto& source : *sources) {
    if (source.destination != url) {
      state.for_others += source.waiting;
      continue;
    }
    if (source.waiting > 0 && state.since.empty()) state.since = source.created;
    state.waiting += source.waiting;
    state.dead_letters += source.dead_letters;
  }
  return state;
}

std::string sentence(const SpoolState& spool) {
  const auto& journal = spool.journal;
  std::string text = base::group_digits(spool.waiting) + " waiting";
  if (spool.waiting > 0) text += " since " + spool.since;
  if (spool.for_others > 0)
    text += ", " + base::group_digits(spool.for_others) + " for other servers (agentpipe-bridge spool ls)";
  if (spool.dead_letters > 0) text += ", " + base::counted(spool.dead_letters, "dead letter");
  if (!journal.last_delivery.empty()) text += "; last delivery " + journal.last_delivery;
  if (!journal.last_trouble.empty())
    text += "; last trouble " + journal.last_trouble_at + ": " + journal.last_trouble;
  return text;
}

base::Result<ServerState> ask_server(const config::ClientSettings& settings, const std::stop_token& stop) {
  // Health needs no key, so none travels.
  auto keyless = settings;
  keyless.api_key.value = base::Secret();
  const auto endpoint = endpoint_of(keyless);
  if (!endpoint) return base::forward(endpoint);
  const auto transport =
      delivery::make_curl_transport(*endpoint, "agentpipe-bridge/" + std::string(program_version()));
  const auto response = transport->send({"GET", std::string(delivery::k_health_path), {}, {}, {}}, stop);
  if (response.fault != delivery::NetworkFault::none) return ServerState{false, response.fault_text};
  const auto known = delivery::capabilities_from(response);
  if (!known) return ServerState{false, "answers with status " + std::to_string(response.status)};
  return ServerState{
      true, known->dialect == delivery::Dialect::own ? "agentpipe-web" : "a server that ingests events"};
}

std::string text_of(const config::ClientSettings& settings, const SpoolState& spool,
                    const std::vector<SourceState>& sources, const std::optional<ServerState>& server) {
  constexpr std::size_t k_key_column = 18;
  constexpr std::size_t k_value_column = 34;
  const auto padded = [](std::string text, std::size_t width, std::size_t shown) {
    return shown < width ? text.append(width - shown, ' ') : text.append(" ");
  };
  std::string text;
  for (const config::Shown& row : config::show(settings)) {
    const std::string value = row.value.empty() ? "(not set)" : base::terminal_safe(row.value);
    text += padded(std::string(row.key), k_key_column, row.key.size()) +
            padded(value, k_value_column, base::count_characters(value)) + base::terminal_safe(row.origin) +
            "\n";
  }
  text += padded("settings file", k_key_column, 13) + base::terminal_safe(settings.file.string()) +
          (settings.file_exists ? " (mode " + mode_of(settings.file) + ")"
                                : " (none yet; agentpipe-bridge setup makes it)") +
          "\n";
  text += padded("spool", k_key_column, 5) + base::terminal_safe(sentence(spool)) + "\n";
  text += text_of(sources, padded("sessions", k_key_column, 8), std::string(k_key_column, ' '));
  if (server) {
    text += padded("server", k_key_column, 6) + (server->reachable ? "answers: " : "does not answer: ") +
            base::terminal_safe(server->said) + "\n";
  }
  return text;
}

// The first keys are the Go CLI's, so that scripts for it go on working.
Json json_of(const config::ClientSettings& settings, const SpoolState& spool,
             const std::vector<SourceState>& sources, const std::optional<ServerState>& server) {
  Json document = {{"enabled", *settings.enabled},
                   {"url", *settings.url},
                   {"has_api_key", !settings.api_key->empty()},
                   {"timeout_ms", settings.timeout->count()},
                   {"retry_attempts", *settings.retry_attempts}};
  Json origins = Json::object();
  for (const config::Shown& row : config::show(settings)) {
    if (!document.contains(row.key)) document[std::string(row.key)] = row.value;
    origins[std::string(row.key)] = row.origin;
  }
  document["allow_plain_http"] = *settings.allow_plain_http;
  if (settings.file_exists) {
    document["config_file"] = settings.file.string();
    document["config_file_mode"] = mode_of(settings.file);
  }
  document["origins"] = std::move(origins);
  document["warnings"] = settings.warnings;
  document["spool"] = {{"waiting", spool.waiting},
                       {"waiting_for_other_servers", spool.for_others},
                       {"since", spool.since},
                       {"dead_letters", spool.dead_letters},
                       {"last_delivery", spool.journal.last_delivery},
                       {"last_trouble", spool.journal.last_trouble},
                       {"last_trouble_at", spool.journal.last_trouble_at}};
  document["sources"] = json_of(sources);
  if (server) document["server"] = {{"reachable", server->reachable}, {"message", server->said}};
  return document;
}

base::Result<ExitCode> run(const StatusOptions& options, World& world) {
  const auto settings = load_settings(world, options.connection);
  if (!settings) return base::forward(settings);
  std::optional<ServerState> server;
  if (options.check) {
    const StopOnSignal signal(world.signals);
    auto asked = ask_server(*settings, signal.token());
    if (signal.received()) return ExitCode::interrupted;
    if (!asked) return base::forward(asked);
    server = std::move(*asked);
  }
  const auto spool = look_into_spool(*settings->url, world);
  if (!spool) return base::forward(spool);
  const auto sources = look_at_sources(*settings, world);
  if (options.json) {
    world.out
        << json_of(*settings, *spool, sources, server).dump(2, ' ', false, Json::error_handler_t::replace)
        << '\n';
  } else {
    world.out << text_of(*settings, *spool, sources, server);
  }
  return server && !server->reachable ? ExitCode::unreachable : ExitCode::ok;
}

}  // namespace

Command status_command() {
  return make_command<StatusOptions>(
      {"status", "Show the effective settings, what waits, and sessions on this machine not uploaded yet",
       k_status_examples},
      describe, run);
}

}  // namespace agentpipe::cli
