#include "agentpipe/config/web_settings.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "web_setting_rows.hpp"

namespace agentpipe::config {

namespace {

using base::ErrorCode;

base::Result<std::optional<std::string>> read_if_there(const std::filesystem::path& path) {
  auto text = base::read_file(path, k_max_config_bytes);
  if (text) return std::optional(std::move(*text));
  if (text.error().code == ErrorCode::not_found) return std::optional<std::string>();
  return base::failure(ErrorCode::configuration, text.error().message, text.error().detail);
}

base::Result<void> load_file(WebSettings& settings, const Sources& sources,
                             const Loader<WebSettings>& loader) {
  std::vector<std::filesystem::path> places = {sources.paths.web_config, sources.paths.web_config_system};
  if (sources.config_file) places = {*sources.config_file};
  for (const auto& path : places) {
    const auto text = read_if_there(path);
    if (!text) return base::forward(text);
    if (!*text) continue;
    settings.file = path;
    auto done = loader.file(settings, **text, "", path.string());
    return done;
  }
  if (!sources.config_file) return {};
  return base::failure(ErrorCode::configuration,
                       "there is no settings file " + sources.config_file->string());
}

/// A file that systemd's LoadCredential= gave us; nothing when there is none.
std::optional<std::filesystem::path> credential(const Environment& environment, std::string_view name) {
  const auto folder = environment.get("CREDENTIALS_DIRECTORY");
  if (!folder) return std::nullopt;
  const auto file = std::filesystem::path(*folder) / name;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  return file;
}

base::Result<void> load_key_credential(WebSettings& settings, const Environment& environment) {
  const auto file = credential(environment, "api_key");
  if (!file) return {};
  const auto text = base::read_file(*file, k_max_config_bytes);
  if (!text) return base::failure(ErrorCode::configuration, text.error().message, text.error().detail);
  auto key = parse_key_value(base::trim(*text));
  if (!key) return bad(file->string() + " " + key.error().message);
  settings.api_key = {std::move(*key), Origin::file(file->string(), 1)};
  return {};
}

base::Result<void> load_environment_key(WebSettings& settings, const Environment& environment) {
  constexpr std::string_view name = "AGENTPIPE_BRIDGE_API_KEY";
  const auto text = environment.get(name);
  if (!text) return load_key_credential(settings, environment);
  auto key = parse_key_value(*text);
  if (!key) return bad("$" + std::string(name) + " " + key.error().message);
  settings.api_key = {std::move(*key), Origin::environment(std::string(name))};
  return {};
}

void choose_database(WebSettings& settings, const Paths& paths) {
  if (settings.database->text.empty())
    settings.database.value.text = std::string(DatabaseUrl::k_sqlite) + (paths.data / "web.db").string();
}

void choose_certificate(WebSettings& settings, const Environment& environment) {
  const auto cert = credential(environment, "tls.crt");
  const auto key = credential(environment, "tls.key");
  if (!cert || !key || !settings.tls_cert->empty() || !settings.tls_key->empty()) return;
  settings.tls_cert = {cert->string(), Origin::file(cert->string(), 1)};
  settings.tls_key = {key->string(), Origin::file(key->string(), 1)};
}

base::Result<void> check(const WebSettings& settings) {
  if (!settings.database->is_file() && *settings.retain_size > 0) {
    return bad("retain_size (" + to_string(settings.retain_size.origin) +
               ") counts what a SQLite file holds; with PostgreSQL use retain");
  }
  if (settings.tls_cert->empty() != settings.tls_key->empty()) {
    return bad("tls_cert and tls_key belong together (" +
               to_string((settings.tls_cert->empty() ? settings.tls_key : settings.tls_cert).origin) +
               "); give both or none");
  }
  if (!is_loopback(*settings.listen) && *settings.auth == ReadAuth::off) {
    return bad("other computers can reach " + to_string(*settings.listen) + " (" +
               to_string(settings.listen.origin) +
               "), so reading needs a login; leave auth at auto, or listen on 127.0.0.1");
  }
  return {};
}

}  // namespace

base::Result<WebSettings> load_web_settings(const Sources& sources) {
  WebSettings settings;
  const Loader<WebSettings> from(web_setting_rows(), {}, sources);
  if (auto done = from.defaults(settings); !done) return base::forward(done);
  if (auto done = load_file(settings, sources, from); !done) return base::forward(done);
  if (auto done = from.environment(settings); !done) return base::forward(done);
  if (auto done = load_environment_key(settings, sources.environment); !done) return base::forward(done);
  if (auto done = from.flags(settings); !done) return base::forward(done);
  expand_home_in({&settings.tls_cert, &settings.tls_key}, sources.paths);
  choose_database(settings, sources.paths);
  choose_certificate(settings, sources.environment);
  if (auto done = check(settings); !done) return base::forward(done);
  return settings;
}

bool reading_needs_login(const WebSettings& settings) {
  if (*settings.auth == ReadAuth::automatic) return !is_loopback(*settings.listen);
  return *settings.auth == ReadAuth::on;
}

std::vector<KeyHelp> web_keys() {
  return help_of<WebSettings>(web_setting_rows());
}

std::vector<Shown> show(const WebSettings& settings) {
  return shown<WebSettings>(web_setting_rows(), settings);
}

}  // namespace agentpipe::config
