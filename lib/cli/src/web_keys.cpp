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
#include "web_server.hpp"

namespace agentpipe::cli {

namespace {

struct KeysOptions {
  std::string name;
  std::vector<std::string> scopes{"ingest", "read"};
  std::string id;
  bool json = false;
};

struct ScopeName {
  const char* name;
  service::Scope scope;
  bool store::Key::*member;
};

constexpr std::array k_scopes{
    ScopeName{"ingest", service::Scope::ingest, &store::Key::can_ingest},
    ScopeName{"read", service::Scope::read, &store::Key::can_read},
    ScopeName{"admin", service::Scope::admin, &store::Key::can_admin},
};

std::string scopes_of(const store::Key& key) {
  std::string names;
  for (const auto& row : k_scopes)
    if (key.*(row.member)) names += (names.empty() ? "" : ",") + std::string(row.name);
  return names;
}

base::Result<ExitCode> create(const KeysOptions& options, store::Store& store, World& world) {
  std::vector<service::Scope> scopes;
  for (const auto& row : k_scopes)
    if (std::ranges::find(options.scopes, row.name) != options.scopes.end()) scopes.push_back(row.scope);
  auto access = service::Access::open(store, world.clock, service::ReadersNeed::key, {});
  if (!access) return base::forward(access);
  const auto key = (*access)->create_key(options.name, std::move(scopes));
  if (!key) return base::forward(key);
  world.out << key->reveal() << '\n';
  world.err << "shown only now; a running server knows it within a second\n";
  return ExitCode::ok;
}

std::string state_of(const store::Key& key) {
  return key.revoked_at ? "revoked " + base::format_rfc3339(*key.revoked_at) : "live";
}

base::Result<ExitCode> list(const KeysOptions& options, store::Store& store, World& world) {
  const auto keys = store.keys();
  if (!keys) return base::forward(keys);
  for (const auto& key : *keys) {
    const auto created = base::format_rfc3339(key.created_at);
    if (options.json) {
      std::string line;
      model::JsonWriter(line)
          .begin_object()
          .field("id", key.id)
          .field("name", key.name)
          .field("key", key.masked)
          .field("scopes", scopes_of(key))
          .field("created_at", created)
          .field("revoked", key.revoked_at.has_value())
          .end_object();
      world.out << line << '\n';
    } else {
      world.out << key.id << "  " << key.masked << "  " << scopes_of(key) << "  " << created << "  "
                << state_of(key) << "  " << base::terminal_safe(key.name) << '\n';
    }
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

constexpr std::array k_commands{
    KeysCommand{"create", "Make a key and print it, once", create},
    KeysCommand{"list", "Show the keys, masked", list},
    KeysCommand{"revoke", "End a key", revoke},
};

void describe(CLI::App& command, std::string_view name, KeysOptions& options) {
  if (name == "create") {
    command.add_option("--name", options.name, "What the key is for, such as the machine")->required();
    command.add_option("--scope", options.scopes, "ingest, read, admin (ingest,read)")
        ->delimiter(',')
        ->check(CLI::IsMember({"ingest", "read", "admin"}));
  }
  if (name == "list") command.add_flag("--json", options.json, "One JSON object a line");
  if (name == "revoke") command.add_option("id", options.id, "Id or name of the key")->required();
}

}  // namespace

std::function<std::optional<base::Result<ExitCode>>(World&)> add_keys_command(
    CLI::App& app, std::shared_ptr<WebOptions> options) {
  auto* keys = app.add_subcommand("keys", "Make, list and revoke keys");
  keys->require_subcommand(1)->fallthrough();
  const auto given = std::make_shared<KeysOptions>();
  std::array<CLI::App*, k_commands.size()> commands{};
  for (std::size_t i = 0; i < k_commands.size(); ++i) {
    commands[i] = keys->add_subcommand(k_commands[i].name, k_commands[i].summary);
    commands[i]->fallthrough();
    describe(*commands[i], k_commands[i].name, *given);
  }
  return [commands, given, options](World& world) -> std::optional<base::Result<ExitCode>> {
    const auto chosen =
        std::ranges::find_if(commands, [](const CLI::App* command) { return command->parsed(); });
    if (chosen == commands.end()) return std::nullopt;
    const auto settings = load_web_settings(*options, world);
    if (!settings) return base::Result<ExitCode>(base::forward(settings));
    const auto store = open_store(*settings, world.clock, StoreUse::visit);
    if (!store) return base::Result<ExitCode>(base::forward(store));
    return k_commands[static_cast<std::size_t>(chosen - commands.begin())].run(*given, **store, world);
  };
}

}  // namespace agentpipe::cli
