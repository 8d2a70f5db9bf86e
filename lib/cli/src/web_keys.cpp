#include "web_keys.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/service/access.hpp"
#include "chosen_row.hpp"
#include "web_server.hpp"

namespace agentpipe::cli {

namespace {

struct KeysOptions {
  std::string name;
  std::vector<std::string> scopes{"ingest", "read"};
  std::string expires;
  std::string id;
  bool json = false;
};

base::Result<std::optional<base::Timestamp>> expiry_of(const KeysOptions& options, const World& world) {
  if (options.expires.empty()) return std::optional<base::Timestamp>();
  const auto now = world.clock.now();
  if (const auto length = base::parse_duration(options.expires)) return std::optional(now + *length);
  const auto at = base::parse_rfc3339(options.expires);
  if (at && *at > now) return at;
  return tl::unexpected(base::Error{base::ErrorCode::configuration,
                                    "--expires must be a time from now (90d, 12h) or a future RFC 3339 time",
                                    {},
                                    "expires",
                                    "usage"});
}

base::Result<ExitCode> create(const KeysOptions& options, store::Store& store, World& world) {
  service::NewKey wanted{options.name, {}};
  for (const auto& word : options.scopes)
    if (const auto scope = service::parse_scope(word)) wanted.scopes.push_back(*scope);
  const auto expiry = expiry_of(options, world);
  if (!expiry) return base::forward(expiry);
  wanted.expires_at = *expiry;
  auto access = service::Access::open(store, world.clock, service::ReadersNeed::key, {});
  if (!access) return base::forward(access);
  const auto made = (*access)->create_key(wanted);
  if (!made) return base::forward(made);
  world.out << made->secret.reveal() << '\n';
  world.err << "shown only now; a running server knows it within a second\n";
  return ExitCode::ok;
}

std::string scopes_of(const store::Key& key) {
  std::string names;
  for (const auto name : service::scope_names(key)) names.append(names.empty() ? "" : ",").append(name);
  return names;
}

std::string state_of(const store::Key& key, base::Timestamp now) {
  if (key.revoked_at) return "revoked " + base::format_rfc3339(*key.revoked_at);
  if (!key.expires_at) return "live";
  return (*key.expires_at <= now ? "expired " : "live until ") + base::format_rfc3339(*key.expires_at);
}

std::string json_of(const store::Key& key) {
  std::string line;
  model::JsonWriter(line)
      .begin_object()
      .field("id", key.id)
      .field("name", key.name)
      .field("key", key.masked)
      .field("scopes", scopes_of(key))
      .field("created_at", base::format_rfc3339(key.created_at))
      .field("expires_at", base::format_rfc3339(key.expires_at))
      .field("last_used_at", base::format_rfc3339(key.last_used_at))
      .field("revoked", key.revoked_at.has_value())
      .end_object();
  return line;
}

base::Result<ExitCode> list(const KeysOptions& options, store::Store& store, World& world) {
  const auto keys = store.keys();
  if (!keys) return base::forward(keys);
  for (const auto& key : *keys) {
    if (options.json) {
      world.out << json_of(key) << '\n';
      continue;
    }
    world.out << key.id << "  " << key.masked << "  " << scopes_of(key) << "  created "
              << base::format_rfc3339(key.created_at) << "  "
              << (key.last_used_at ? "used " + base::format_rfc3339(*key.last_used_at) : "never used") << "  "
              << state_of(key, world.clock.now()) << "  " << base::terminal_safe(key.name) << '\n';
  }
  return ExitCode::ok;
}

base::Result<ExitCode> revoke(const KeysOptions& options, store::Store& store, World& world) {
  if (auto done = store.revoke_key(options.id, world.clock.now()); !done) return base::forward(done);
  world.err << "revoked; a running server refuses it within a second\n";
  return ExitCode::ok;
}

struct KeysCommand {
  const char* name;
  const char* summary;
  base::Result<ExitCode> (*run)(const KeysOptions&, store::Store&, World&);
};

constexpr std::array k_keys_commands{
    KeysCommand{"create", "Make a key and print it, once", create},
    KeysCommand{"list", "Show the keys, masked", list},
    KeysCommand{"revoke", "End a key", revoke},
};

void describe(CLI::App& command, std::string_view name, KeysOptions& options) {
  if (name == "create") {
    command.add_option("--name", options.name, "What the key is for, such as the machine")
        ->type_name("TEXT")
        ->required();
    command.add_option("--scope", options.scopes, "What it may do, with commas between (ingest,read)")
        ->type_name("ingest|read|admin")
        ->delimiter(',')
        ->check(CLI::IsMember({"ingest", "read", "admin"}).description(""));
    command
        .add_option("--expires", options.expires,
                    "When it ends: after 90d, 12h, or at an RFC 3339 time (never)")
        ->type_name("TIME");
  }
  if (name == "list") command.add_flag("--json", options.json, "One JSON object a line");
  if (name == "revoke")
    command.add_option("id", options.id, "Id or name of the key")->type_name("ID")->required();
}

}  // namespace

std::function<std::optional<base::Result<ExitCode>>(World&)> add_keys_command(
    CLI::App& app, const std::shared_ptr<WebOptions>& options) {
  auto* keys = app.add_subcommand("keys", "Make, list and revoke keys");
  const auto given = std::make_shared<KeysOptions>();
  const auto chosen = add_rows(*keys, k_keys_commands, [&](CLI::App& command, const KeysCommand& row) {
    describe(command, row.name, *given);
  });
  return [chosen, given, options](World& world) -> std::optional<base::Result<ExitCode>> {
    const auto* row = chosen();
    if (row == nullptr) return std::nullopt;
    const auto settings = load_web_settings(*options, world);
    if (!settings) return base::Result<ExitCode>(base::forward(settings));
    const auto store = open_store(*settings, world.clock, store::Access::visit);
    if (!store) return base::Result<ExitCode>(base::forward(store));
    return row->run(*given, **store, world);
  };
}

}  // namespace agentpipe::cli
