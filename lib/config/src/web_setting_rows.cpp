#include "web_setting_rows.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/ip_address.hpp"

namespace agentpipe::config {

namespace {

constexpr auto k_auth = std::to_array<std::pair<std::string_view, ReadAuth>>(
    {{"auto", ReadAuth::automatic}, {"on", ReadAuth::on}, {"off", ReadAuth::off}});

base::Result<ReadAuth> parse_auth(std::string_view text) {
  if (base::equals_ignore_case(base::trim(text), "auto")) return ReadAuth::automatic;
  if (const auto on = base::parse_switch(base::trim(text))) return *on ? ReadAuth::on : ReadAuth::off;
  return bad("must be auto, on or off");
}

base::Result<DatabaseUrl> parse_database(std::string_view text) {
  text = base::trim(text);
  const auto names_more = [&](std::string_view scheme) {
    return text.starts_with(scheme) && text.size() > scheme.size();
  };
  const bool known =
      names_more(DatabaseUrl::k_sqlite) || names_more("postgresql://") || names_more("postgres://");
  if (!text.empty() && !known) return bad("must be sqlite:PATH or postgresql://USER@HOST/DATABASE");
  return DatabaseUrl{std::string(text)};
}

/// What lies between two places goes; the second stays.
void hide(std::string& text, std::size_t from, std::size_t to) {
  text.replace(from, to - from, "***");
}

base::Result<std::string> parse_base_path(std::string_view text) {
  auto path = parse_text(text);
  if (!path) return path;
  while (path->ends_with('/')) path->pop_back();
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/-_.~").find(c) != std::string_view::npos;
  };
  if (!path->empty() && !path->starts_with('/')) return bad("must begin with '/'");
  if (!std::ranges::all_of(*path, allowed) || path->find("//") != std::string::npos ||
      path->find("..") != std::string::npos) {
    return bad("must be a path such as /agents");
  }
  return path;
}

template <unsigned Least, unsigned Most>
base::Result<unsigned> parse_count(std::string_view text) {
  const auto number = base::parse_number(base::trim(text));
  if (!number || *number < Least || *number > Most) {
    return bad("must be a number from " + std::to_string(Least) + " to " + std::to_string(Most));
  }
  return static_cast<unsigned>(*number);
}

template <long Least, long Most>
base::Result<base::Milliseconds> parse_length(std::string_view text) {
  const auto length = base::parse_duration(base::trim(text));
  if (!length || length->count() < Least || length->count() > Most) {
    return bad("must be a time from " + std::to_string(Least / 1000) + "s to " + std::to_string(Most / 1000) +
               "s");
  }
  return *length;
}

/// 0 for "off".
template <long Least, long Most>
base::Result<base::Milliseconds> parse_length_or_off(std::string_view text) {
  if (base::equals_ignore_case(base::trim(text), "off")) return base::Milliseconds(0);
  auto length = parse_length<Least, Most>(text);
  if (!length) return bad(length.error().message + ", or off");
  return length;
}

template <unsigned Least, unsigned Most>
base::Result<unsigned> parse_count_or_off(std::string_view text) {
  if (base::equals_ignore_case(base::trim(text), "off")) return 0U;
  auto count = parse_count<Least, Most>(text);
  if (!count) return bad(count.error().message + ", or off");
  return count;
}

/// Each with the power of 2 that it stands for.
constexpr auto k_size_units =
    std::to_array<std::pair<std::string_view, unsigned>>({{"MB", 20U}, {"GB", 30U}, {"TB", 40U}});

/// Bytes; 0 for "off".
base::Result<std::uint64_t> parse_size_or_off(std::string_view text) {
  text = base::trim(text);
  if (base::equals_ignore_case(text, "off")) return std::uint64_t{0};
  for (const auto& [unit, shift] : k_size_units) {
    if (!text.ends_with(unit)) continue;
    const auto number = base::parse_number(base::trim(text.substr(0, text.size() - unit.size())));
    if (number && *number > 0 && *number < 100'000) return *number << shift;
  }
  return bad("must be a size such as 500MB or 20GB, or off");
}

base::Result<std::string> parse_ranges(std::string_view text) {
  const auto ranges = base::parse_ip_ranges(text);
  if (!ranges) return bad("must be addresses and ranges such as 10.0.0.0/8: " + ranges.error().message);
  return std::string(base::trim(text));
}

}  // namespace

std::string show_value(ReadAuth value) {
  for (const auto& [word, known] : k_auth) {
    if (known == value) return std::string(word);
  }
  return {};
}

std::string show_value(std::uint64_t value) {
  const auto* unit = &k_size_units.front();
  for (const auto& larger : k_size_units)
    if (value % (std::uint64_t{1} << larger.second) == 0) unit = &larger;
  return std::to_string(value >> unit->second).append(unit->first);
}

std::string show_value(const DatabaseUrl& value) {
  std::string shown = value.text;
  if (value.is_file() || shown.empty()) return shown;
  constexpr std::string_view k_in_query = "password=";
  for (auto at = shown.find(k_in_query); at != std::string::npos; at = shown.find(k_in_query, at + 1)) {
    const auto begin = at + k_in_query.size();
    hide(shown, begin, std::min(shown.find('&', begin), shown.size()));
  }
  const auto user = shown.find("://") + 3;
  const auto host = shown.rfind('@', shown.find_first_of("/?", user));
  const auto password = shown.find(':', user);
  if (host != std::string::npos && host > user && password < host) hide(shown, password + 1, host);
  return shown;
}

std::string show_value(const ListenAddress& value) {
  return to_string(value);
}

const std::vector<Row<WebSettings>>& web_setting_rows() {
  using S = WebSettings;
  static const std::vector<Row<S>> table = [] {
    std::vector<Row<S>> list = {
        row<S, &S::listen, parse_listen>({"listen",
                                          "ADDRESS:PORT",
                                          "127.0.0.1:3000",
                                          {"AGENTPIPE_WEB_LISTEN"},
                                          {},
                                          "Where to listen. :3000 is every address; port 0 any free one."}),
        row<S, &S::database, parse_database>(
            {"database",
             "URL",
             "",
             {"DATABASE_URL"},
             {},
             "sqlite:PATH, or postgresql://USER@HOST/DATABASE (14 or later, with "
             "pg_trgm); empty: a file in your data folder."}),
        row<S, &S::auth, parse_auth>(
            {"auth",
             "auto|on|off",
             "auto",
             {"AGENTPIPE_WEB_AUTH"},
             {},
             "Must readers log in? auto: only when other computers can reach the address."}),
        row<S, &S::base_path, parse_base_path>(
            {"base_path",
             "path",
             "",
             {"AGENTPIPE_WEB_BASE_PATH"},
             {},
             "The path below which a proxy shows the server, such as /agents."}),
        row<S, &S::public_url, parse_optional_url>(
            {"public_url",
             "URL",
             "",
             {"AGENTPIPE_WEB_PUBLIC_URL"},
             {},
             "What browsers call the server; its host name is accepted then."}),
        row<S, &S::log_level, parse_log_level>({"log_level",
                                                "debug|info|warn|error",
                                                "info",
                                                {"AGENTPIPE_WEB_LOG_LEVEL"},
                                                {},
                                                "How much to log."}),
        row<S, &S::log_format, parse_log_format>({"log_format",
                                                  "text|json",
                                                  "text",
                                                  {"AGENTPIPE_WEB_LOG_FORMAT"},
                                                  {},
                                                  "Log lines for people or for programs."}),
        row<S, &S::heartbeat, parse_length<1'000, 300'000>>(
            {"heartbeat",
             "time",
             "15s",
             {"AGENTPIPE_WEB_HEARTBEAT"},
             {},
             "How often a silent live stream sends a comment, so that proxies keep it open."}),
        row<S, &S::drain_timeout, parse_length<0, 600'000>>(
            {"drain_timeout",
             "time",
             "10s",
             {"AGENTPIPE_WEB_DRAIN_TIMEOUT"},
             {},
             "How long a stopping server waits for open requests."}),
        row<S, &S::silence_timeout, parse_length_or_off<1'000, 31'536'000'000>, OffAtZero>(
            {"silence_timeout",
             "time|off",
             "30m",
             {"AGENTPIPE_WEB_SILENCE_TIMEOUT"},
             {},
             "A running session counts as interrupted when nothing came for so long; the next event revives "
             "it."}),
        row<S, &S::retain, parse_length_or_off<3'600'000, 315'576'000'000>, OffAtZero>(
            {"retain",
             "time|off",
             "off",
             {"AGENTPIPE_WEB_RETAIN"},
             {},
             "Delete sessions for which nothing came for so long, such as 365d."}),
        row<S, &S::retain_size, parse_size_or_off, OffAtZero>(
            {"retain_size",
             "size|off",
             "off",
             {"AGENTPIPE_WEB_RETAIN_SIZE"},
             {},
             "Delete the quietest ended sessions when the database holds more, such as 20GB."}),
        row<S, &S::tls_cert, parse_text>({"tls_cert",
                                          "file",
                                          "",
                                          {"AGENTPIPE_WEB_TLS_CERT"},
                                          {},
                                          "Certificate with its chain (PEM): serve https."}),
        row<S, &S::tls_key, parse_text>(
            {"tls_key", "file", "", {"AGENTPIPE_WEB_TLS_KEY"}, {}, "Private key of the certificate (PEM)."}),
        row<S, &S::trusted_proxies, parse_ranges>(
            {"trusted_proxies",
             "addresses",
             "",
             {"AGENTPIPE_WEB_TRUSTED_PROXIES"},
             {},
             "Addresses and ranges of proxies whose X-Forwarded-For is believed."}),
        row<S, &S::ingest_rate, parse_count_or_off<1, 1'000'000>, OffAtZero>(
            {"ingest_rate",
             "number|off",
             "20000",
             {"AGENTPIPE_WEB_INGEST_RATE"},
             {},
             "Events a second, for each key, where an upload counts as one; twenty times as many may come at "
             "once."}),
        row<S, &S::read_rate, parse_count_or_off<1, 1'000'000>, OffAtZero>(
            {"read_rate",
             "number|off",
             "200",
             {"AGENTPIPE_WEB_READ_RATE"},
             {},
             "Requests a second that only look, for each key or address; ten times as many may come at "
             "once."}),
        row<S, &S::streams_per_key, parse_count<1, 100'000>>(
            {"streams_per_key",
             "number",
             "100",
             {"AGENTPIPE_WEB_STREAMS_PER_KEY"},
             {},
             "Live streams that one key or address may have open."}),
        row<S, &S::stream_rotation, parse_length_or_off<1'000, 86'400'000>, OffAtZero>(
            {"stream_rotation",
             "time|off",
             "10m",
             {"AGENTPIPE_WEB_STREAM_ROTATION"},
             {},
             "A live stream ends after about so long; its client comes back where it was."}),
        row<S, &S::threads, parse_count<1, 64>>(
            {"threads", "number", "1", {"AGENTPIPE_WEB_THREADS"}, {}, "Network loops."}),
        row<S, &S::max_connections, parse_count<1, 100'000>>({"max_connections",
                                                              "number",
                                                              "24000",
                                                              {"AGENTPIPE_WEB_MAX_CONNECTIONS"},
                                                              {},
                                                              "More than these are turned away at once."}),
    };
    return list;
  }();
  return table;
}

}  // namespace agentpipe::config
