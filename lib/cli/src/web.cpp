#include <CLI/CLI.hpp>
#include <ostream>

#include "commands.hpp"
#include "logging.hpp"
#include "service_manager.hpp"
#include "web_db.hpp"
#include "web_keys.hpp"
#include "web_options.hpp"
#include "web_server.hpp"
#include "web_signals.hpp"

namespace agentpipe::cli {

namespace {

/// The address comes last: who waits for it has read everything.
void greet(World& world, const WebServer& server) {
  const auto urls = server.urls();
  if (!server.new_key().empty()) {
    world.err << "There was no key yet, so here is one; it is shown only now:\n\n  "
              << server.new_key().reveal()
              << "\n\nSet up a client with it (the key is read from standard input):\n\n  agentpipe-bridge "
                 "setup --url "
              << urls.front() << " --api-key-stdin --enable\n\n";
  }
  for (const auto& url : urls) world.err << "agentpipe-web listening on " << url << '\n';
}

/// Where others opened the socket, the settings do not tell who can reach it.
base::Result<void> check_sockets(const ServiceManager& manager, const config::WebSettings& settings) {
  if (manager.sockets().empty() || config::reading_needs_login(settings)) return {};
  if (manager.sockets_are_local()) return {};
  return base::failure(
      base::ErrorCode::configuration,
      "other computers can reach the socket that the service manager opened, so reading needs a "
      "login; set auth to on");
}

base::Result<ExitCode> serve(const WebOptions& options, World& world) {
  const auto settings = load_web_settings(options, world);
  if (!settings) return base::forward(settings);
  const ServiceManager manager(world.environment);
  start_logging(world, *settings->log_level, *settings->log_format);
  for (const auto& warning : settings->warnings) world.err << "warning: " << warning << '\n';
  if (auto fine = check_sockets(manager, *settings); !fine) return base::forward(fine);
  ServerSignals signals(world);
  const auto server = WebServer::start(*settings, world, manager);
  if (!server) return base::forward(server);
  greet(world, **server);
  world.err.flush();
  manager.tell("READY=1");
  while (signals.wait() == ServerSignals::Wish::reload) (*server)->reload();
  manager.tell("STOPPING=1");
  (*server)->stop(*settings->drain_timeout);
  return ExitCode::ok;
}

constexpr CommandText k_web_text{
    "web",
    "The server: stores conversations and shows them live (also called agentpipe-web)",
    "  agentpipe-bridge web                                  on http://127.0.0.1:3000, database in your data "
    "folder\n"
    "  agentpipe-bridge web serve --listen 127.0.0.1:8080 --database sqlite:/srv/agentpipe.db\n"
    "  agentpipe-bridge web keys create --name laptop         a further key; it is printed once\n"
    "  agentpipe-bridge web db backup /backup/agentpipe.db     beside the running server\n"
    "  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:3000 OTEL_EXPORTER_OTLP_PROTOCOL=http/json \\\n"
    "    OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20KEY my-agent   its model calls\n",
};

}  // namespace

Command web_command() {
  const auto add = [](CLI::App& app) -> Command::Run {
    const auto options = std::make_shared<WebOptions>();
    add_web_options(app, *options);
    app.require_subcommand(0, 1);
    app.add_subcommand("serve", "Run the server (the default)")->fallthrough();
    const auto run_keys = add_keys_command(app, options);
    const auto run_db = add_db_command(app, options);
    return [options, run_keys, run_db](World& world) -> base::Result<ExitCode> {
      if (auto done = run_keys(world)) return *done;
      if (auto done = run_db(world)) return *done;
      return serve(*options, world);
    };
  };
  return Command{k_web_text.name, k_web_text.summary, k_web_text.examples, add};
}

}  // namespace agentpipe::cli
