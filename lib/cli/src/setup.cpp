#include <CLI/CLI.hpp>
#include <ostream>

#include "commands.hpp"
#include "connection.hpp"
#include "questions.hpp"
#include "settings_file.hpp"
#include "setup_options.hpp"

namespace agentpipe::cli {

namespace {

constexpr std::string_view k_setup_examples =
    "  agentpipe-bridge setup                               asks for everything\n"
    "  agentpipe-bridge setup --url https://agentpipe.example.org --api-key-stdin --enable < key.txt\n"
    "  agentpipe-bridge setup --generate-key --enable       a new key for a server of your own\n";

// The values as they go into the file: times in ms, the URL cleaned.
void normalise(Plan& plan, const config::ClientSettings& checked) {
  for (config::Change& change : plan.changes) {
    if (change.key == "url") change.value = *checked.url;
    if (change.key == "timeout_ms") change.value = std::to_string(checked.timeout->count());
    if (change.key == "retry_attempts") change.value = std::to_string(*checked.retry_attempts);
  }
}

void show_new_key(const Plan& plan, World& world) {
  world.err << "Give this key to the server, as AGENTPIPE_BRIDGE_API_KEY in its environment. It is shown "
               "only now:\n";
  world.out << *plan.find("api_key") << '\n' << std::flush;
}

base::Result<ExitCode> run_test(World& world) {
  CLI::App app;
  return test_command().add(app)(world);
}

void tell_what_is_missing(const config::ClientSettings& settings, World& world) {
  if (world.globals.verbosity == Verbosity::quiet) return;
  if (!*settings.enabled) world.err << "delivery is off; agentpipe-bridge enable switches it on\n";
  if (settings.api_key->empty()) world.err << "note: no key is set; a server will want one\n";
}

base::Result<ExitCode> run_setup(const SetupOptions& options, World& world) {
  auto plan = plan_from_flags(options, world);
  if (!plan) return base::forward(plan);
  const bool asks = !options.yes && !options.api_key_stdin && may_prompt(world);
  if (!asks && plan->changes.empty()) {
    return usage_error(
        "setup has no terminal to ask on; say it with flags: --url URL --api-key-stdin (or --api-key-file "
        "FILE, --generate-key), --enable or --disable, --timeout-ms MS, --retry-attempts N");
  }
  if (asks) {
    auto sources = sources_of(world, {});
    sources.paths.client_config = settings_file(world);
    sources.config_file = {};
    const auto current = config::load_client_file(sources);
    if (!current) return base::forward(current);
    if (auto asked = ask_for_the_rest(*plan, *current, world); !asked) return base::forward(asked);
  }
  const auto checked = check_plan(*plan, world);
  if (!checked) return base::forward(checked);
  if (const auto endpoint = endpoint_of(*checked); !endpoint) return base::forward(endpoint);
  normalise(*plan, *checked);
  if (auto saved = save_settings(world, plan->changes); !saved) return base::forward(saved);
  if (plan->key_is_new) show_new_key(*plan, world);
  tell_what_is_missing(*checked, world);
  const auto wanted = asks && !options.test ? Questions(world).yes_or_no("Send a test event now?", false)
                                            : base::Result<bool>(options.test);
  if (!wanted) return base::forward(wanted);
  return *wanted ? run_test(world) : ExitCode::ok;
}

}  // namespace

Command setup_command() {
  return make_command<SetupOptions>(
      {"setup", "Set up server, key and delivery; asks, or takes flags", k_setup_examples}, describe_setup,
      run_setup);
}

}  // namespace agentpipe::cli
