#include <CLI/CLI.hpp>
#include <condition_variable>
#include <mutex>
#include <ostream>

#include "commands.hpp"
#include "logging.hpp"
#include "web_keys.hpp"
#include "web_options.hpp"
#include "web_server.hpp"

namespace agentpipe::cli {

namespace {

/// Waits for the first signal; the second ends the process.
class Farewell {
 public:
  explicit Farewell(Signals& signals) : stop_(signals) {}

  void wait() {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait(lock, stop_.token(), [] { return false; });
  }

 private:
  StopOnSignal stop_;
};

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

base::Result<ExitCode> serve(const WebOptions& options, World& world) {
  const auto settings = load_web_settings(options, world);
  if (!settings) return base::forward(settings);
  start_logging(world, *settings->log_level, *settings->log_format);
  for (const auto& warning : settings->warnings) world.err << "warning: " << warning << '\n';
  Farewell farewell(world.signals);
  const auto server = WebServer::start(*settings, world);
  if (!server) return base::forward(server);
  greet(world, **server);
  world.err.flush();
  farewell.wait();
  (*server)->stop(*settings->drain_timeout);
  return ExitCode::ok;
}

constexpr CommandText k_text{
    "web",
    "The server: stores conversations and shows them live (also called agentpipe-web)",
    "  agentpipe-bridge web                                  on http://127.0.0.1:3000, database in your data "
    "folder\n"
    "  agentpipe-bridge web serve --listen 127.0.0.1:8080 --database sqlite:/srv/agentpipe.db\n"
    "  agentpipe-bridge web keys create --name laptop         a further key; it is printed once\n",
};

}  // namespace

Command web_command() {
  const auto add = [](CLI::App& app) -> Command::Run {
    const auto options = std::make_shared<WebOptions>();
    add_web_options(app, *options);
    app.require_subcommand(0, 1);
    app.add_subcommand("serve", "Run the server (the default)")->fallthrough();
    const auto run_keys = add_keys_command(app, options);
    return [options, run_keys](World& world) -> base::Result<ExitCode> {
      if (auto done = run_keys(world)) return *done;
      return serve(*options, world);
    };
  };
  return Command{k_text.name, k_text.summary, k_text.examples, add};
}

}  // namespace agentpipe::cli
