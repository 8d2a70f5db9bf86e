#include "agentpipe/config/client_settings.hpp"

#include <array>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/url.hpp"
#include "loader.hpp"

namespace agentpipe::config {

namespace {

constexpr auto k_ignored =
    std::to_array<std::string_view>({"type", "auth.type", "batch_size", "batch_timeout"});

// A function, not a constant: only who loads settings pays for the table.
const std::vector<Row<ClientSettings>>& rows() {
  using S = ClientSettings;
  static const std::vector<Row<S>> table = {
      row<S, &S::enabled, parse_switch_value>(
          {"enabled",
           "true|false",
           "false",
           {"AGENTPIPE_STREAM_ENABLED", "AGENTPIPE_BRIDGE_ENABLED"},
           {},
           "Send events at all. Off until you say so; an explicit --url works without it."}),
      row<S, &S::url, parse_url_value>({"url",
                                        "URL",
                                        "http://localhost:3000",
                                        {"AGENTPIPE_STREAM_URL", "AGENTPIPE_BRIDGE_URL"},
                                        {},
                                        "The server. A path below which it lives may follow the host."}),
      row<S, &S::api_key, parse_key_value>(
          {"api_key",
           "text",
           "",
           {"AGENTPIPE_STREAM_API_KEY", "AGENTPIPE_BRIDGE_API_KEY"},
           {"auth.token"},
           "The key that the server gave you. ${NAME} takes it from a variable."}),
      row<S, &S::timeout, parse_timeout, InMilliseconds>(
          {"timeout_ms",
           "milliseconds",
           "10000",
           {"AGENTPIPE_BRIDGE_TIMEOUT"},
           {"timeout"},
           "How long one request may take: 100 to 600000, or a time such as 10s."}),
      row<S, &S::retry_attempts, parse_retries>(
          {"retry_attempts",
           "number",
           "3",
           {},
           {"retry_max"},
           "How often upload repeats a failed request, 0 to 100; stream tries until its end."}),
      row<S, &S::log_level, parse_log_level>(
          {"log_level", "debug|info|warn|error", "info", {}, {}, "How much to log on standard error."}),
      row<S, &S::machine, parse_text>(
          {"machine",
           "text",
           "",
           {"AGENTPIPE_MACHINE"},
           {},
           "Label of this computer in the server's lists. Empty: the host name."}),
      row<S, &S::ca_file, parse_text>(
          {"ca_file", "path", "", {}, {}, "Certificates (PEM) to trust in place of the system's."}),
      row<S, &S::allow_plain_http, parse_switch_value>(
          {"allow_plain_http",
           "true|false",
           "false",
           {},
           {},
           "Send the key over plain http to other computers too. Whoever is on the way can read it."}),
      row<S, &S::prices_file, parse_text>(
          {"prices_file",
           "path",
           "",
           {},
           {},
           "A price list (CSV) whose models replace those of the built-in one in estimated costs."}),
      row<S, &S::project_folders, parse_folders>(
          {"project_folders",
           "folders",
           "",
           {"AGENTPIPE_PROJECT_FOLDERS"},
           {},
           "Projects, or folders that hold them, in which Aider's chat histories are looked for."}),
  };
  return table;
}

tl::unexpected<base::Error> incomplete_pattern(const Origin& origin) {
  return base::failure_at("redact.patterns", base::ErrorCode::configuration,
                          to_string(origin) + ": redact.patterns needs both kind and pattern in each item");
}

/// "redact.patterns[3].kind" belongs to the fourth pattern; the index has no gaps.
base::Result<bool> take_pattern(ClientSettings& settings, const Entry& entry, const Origin& origin) {
  constexpr std::string_view k_list = "redact.patterns[";
  if (!entry.key.starts_with(k_list)) return false;
  const std::string_view rest = std::string_view(entry.key).substr(k_list.size());
  if (rest == "]") return true;
  if (rest.ends_with(']')) return incomplete_pattern(origin);
  const auto close = rest.find("].");
  const auto index = base::parse_number(rest.substr(0, close));
  const std::string_view member = index ? rest.substr(close + 2) : rest;
  if (!index || (member != "kind" && member != "pattern")) return false;
  if (settings.redact_patterns.size() <= *index) settings.redact_patterns.resize(*index + 1);
  auto& pattern = settings.redact_patterns[*index];
  (member == "kind" ? pattern.kind : pattern.pattern) = {entry.value, origin};
  return true;
}

base::Result<void> check_patterns(const ClientSettings& settings) {
  for (const auto& [kind, pattern] : settings.redact_patterns) {
    if (!kind->empty() && !pattern->empty()) continue;
    return incomplete_pattern((kind->empty() ? pattern : kind).origin);
  }
  return {};
}

Loader<ClientSettings> loader(const Sources& sources) {
  return {rows(), k_ignored, sources, take_pattern};
}

base::Result<void> load_file(ClientSettings& settings, const Sources& sources) {
  settings.file = sources.config_file.value_or(sources.paths.client_config);
  const auto text = base::read_file(settings.file, k_max_config_bytes);
  if (!text && text.error().code == base::ErrorCode::not_found && !sources.config_file) return {};
  if (!text) return base::failure(base::ErrorCode::configuration, text.error().message, text.error().detail);
  settings.file_exists = true;
  if (base::readable_by_others(settings.file)) {
    settings.warnings.push_back(settings.file.string() + " can be read by others; run: chmod 600 " +
                                settings.file.string());
  }
  if (auto done = loader(sources).file(settings, *text, "bridge", settings.file.string()); !done) return done;
  return check_patterns(settings);
}

}  // namespace

base::Result<ClientSettings> load_client_file(const Sources& sources) {
  ClientSettings settings;
  if (auto done = loader(sources).defaults(settings); !done) return base::forward(done);
  if (auto done = load_file(settings, sources); !done) return base::forward(done);
  return settings;
}

base::Result<ClientSettings> load_client_settings(const Sources& sources) {
  auto settings = load_client_file(sources);
  if (!settings) return settings;
  const Loader<ClientSettings> from = loader(sources);
  if (auto done = from.environment(*settings); !done) return base::forward(done);
  if (auto done = from.flags(*settings); !done) return base::forward(done);
  expand_home_in({&settings->ca_file, &settings->prices_file}, sources.paths);
  return settings;
}

std::vector<KeyHelp> client_keys() {
  return help_of<ClientSettings>(rows());
}

KeyHelp patterns_help() {
  return {"redact.patterns",
          "list of kind and pattern",
          "",
          {},
          {},
          "Secrets of your own beside the built-in ones, at most 50: [redacted:kind] takes the place of the "
          "first group of pattern (an RE2 regular expression), without a group of all that it matches."};
}

std::vector<Shown> show(const ClientSettings& settings) {
  return shown<ClientSettings>(rows(), settings);
}

}  // namespace agentpipe::config
