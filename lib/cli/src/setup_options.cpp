#include "setup_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "agentpipe/base/url.hpp"
#include "agentpipe/config/keys.hpp"
#include "connection.hpp"
#include "questions.hpp"

namespace agentpipe::cli {

namespace {

using base::ErrorCode;

constexpr std::string_view k_privacy =
    "What is sent: the prompts, answers, tool calls, token counts and costs of the conversations that you "
    "stream or\n"
    "upload, with the label and operating system of this computer. It goes to the server you name here and "
    "to nobody\n"
    "else. Nothing is sent until you run stream, upload or test.\n\n";

base::Result<base::Secret> key_from_input(World& world) {
  const auto line = read_line(world.in);
  if (!line) return base::forward(line);
  auto key = config::parse_key(line->value_or(""));
  if (!key) return base::failure(ErrorCode::configuration, "standard input: " + key.error().message);
  return key;
}

std::string fault_of(std::string_view key, const std::string& answer, const World& world) {
  Plan plan;
  plan.set(std::string(key), answer);
  const auto checked = check_plan(plan, world);
  return checked ? "" : checked.error().message;
}

base::Result<void> ask_text(Plan& plan, std::string_view key, std::string_view question,
                            const std::string& current, World& world) {
  if (plan.find(key) != nullptr) return {};
  const auto check = [&](const std::string& answer) { return fault_of(key, answer, world); };
  auto answer = Questions(world).text(question, current, check);
  if (!answer) return base::forward(answer);
  if (*answer != current) plan.set(std::string(key), std::move(*answer));
  return {};
}

base::Result<void> ask_key(Plan& plan, const base::Secret& current, World& world) {
  if (plan.find("api_key") != nullptr) return {};
  const auto key = Questions(world).key("API key (is not shown)", current);
  if (!key) return base::forward(key);
  if (*key != current) plan.set("api_key", key->reveal());
  return {};
}

}  // namespace

void describe_setup(CLI::App& app, SetupOptions& options) {
  app.add_option("--url", options.url, "The server, such as https://agentpipe.example.org")->type_name("URL");
  auto* const from_input =
      app.add_flag("--api-key-stdin", options.api_key_stdin, "Read the key from standard input");
  auto* const from_file =
      app.add_option("--api-key-file", options.api_key_file, "Read the key from this file (mode 0600)")
          ->type_name("FILE");
  auto* const made = app.add_flag("--generate-key", options.generate_key, "Make a new key and print it once");
  from_input->excludes(from_file)->excludes(made);
  from_file->excludes(made);
  auto* const enable = app.add_flag("--enable", options.enable, "Switch delivery on");
  enable->excludes(app.add_flag("--disable", options.disable, "Switch delivery off"));
  app.add_option("--timeout-ms", options.timeout_ms, "How long one request may take")->type_name("MS");
  app.add_option("--retry-attempts", options.retry_attempts, "How often upload repeats a failed request")
      ->type_name("N");
  app.add_flag("--allow-plain-http", options.allow_plain_http,
               "Send the key over plain http to other computers too");
  app.add_flag("-y,--yes", options.yes, "Ask nothing; keep whatever no flag changes");
  app.add_flag("--test", options.test, "Run the test command afterwards");
}

void Plan::set(std::string key, std::string value) {
  changes.push_back({std::move(key), std::move(value)});
}

const std::string* Plan::find(std::string_view key) const {
  const auto found = std::ranges::find(changes, key, &config::Change::key);
  return found == changes.end() ? nullptr : &found->value;
}

base::Result<Plan> plan_from_flags(const SetupOptions& options, World& world) {
  Plan plan;
  if (options.enable) plan.set("enabled", "true");
  if (options.disable) plan.set("enabled", "false");
  if (options.url) plan.set("url", *options.url);
  if (options.allow_plain_http) plan.set("allow_plain_http", "true");
  if (options.timeout_ms) plan.set("timeout_ms", *options.timeout_ms);
  if (options.retry_attempts) plan.set("retry_attempts", *options.retry_attempts);
  base::Result<base::Secret> key = base::Secret();
  if (options.api_key_stdin) key = key_from_input(world);
  if (options.api_key_file) key = config::read_key_file(*options.api_key_file);
  if (options.generate_key) key = base::generate_api_key();
  if (!key) return base::forward(key);
  if (!key->empty()) plan.set("api_key", key->reveal());
  plan.key_is_new = options.generate_key;
  return plan;
}

base::Result<void> ask_for_the_rest(Plan& plan, const config::ClientSettings& current, World& world) {
  world.err << k_privacy;
  if (plan.find("enabled") == nullptr) {
    // Whoever runs `setup` for the first time wants delivery, but has to say so.
    const auto enabled = Questions(world).yes_or_no("Enable delivery?", *current.enabled);
    if (!enabled) return base::forward(enabled);
    plan.set("enabled", *enabled ? "true" : "false");
  }
  if (auto done = ask_text(plan, "url", "Server URL", *current.url, world); !done) return done;
  if (auto done = ask_key(plan, *current.api_key, world); !done) return done;
  const std::string timeout = std::to_string(current.timeout->count());
  if (auto done = ask_text(plan, "timeout_ms", "Time-out of a request in ms", timeout, world); !done)
    return done;
  return ask_text(plan, "retry_attempts", "How often upload repeats a failed request",
                  std::to_string(*current.retry_attempts), world);
}

base::Result<config::ClientSettings> check_plan(const Plan& plan, const World& world) {
  std::vector<config::Override> flags;
  for (const config::Change& change : plan.changes) {
    std::string flag = "--" + change.key;
    std::ranges::replace(flag, '_', '-');
    flags.push_back({change.key, change.value, std::move(flag)});
  }
  auto sources = sources_of(world, std::move(flags));
  // A file that `setup --config` is to create does not have to be there.
  sources.paths.client_config = sources.config_file.value_or(sources.paths.client_config);
  sources.config_file = {};
  return config::load_client_settings(sources);
}

}  // namespace agentpipe::cli
