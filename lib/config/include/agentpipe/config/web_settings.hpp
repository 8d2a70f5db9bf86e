#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/secret.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/config/setting.hpp"
#include "agentpipe/config/source.hpp"

namespace agentpipe::config {

/// Where the server listens. `host` is an address or "localhost", IPv6 without brackets.
struct ListenAddress {
  std::string host = "127.0.0.1";
  unsigned port = 3000;  ///< 0: any free one
  bool operator==(const ListenAddress&) const = default;
};

/// "127.0.0.1:3000", "[::1]:3000", "localhost:3000", ":3000" (every address); `configuration` otherwise.
base::Result<ListenAddress> parse_listen(std::string_view text);
/// "[::1]:3000"
std::string to_string(const ListenAddress& address);
[[nodiscard]] bool is_loopback(const ListenAddress& address);

/// Must readers log in? `automatic`: no on loopback, yes on any other address.
enum class ReadAuth : unsigned char { automatic, on, off };
enum class LogFormat : unsigned char { text, json };

/// "sqlite:PATH" or "postgresql://…" ("postgres://…"), where the latter may hold a password: only for the
/// engine's eyes.
struct DatabaseUrl {
  std::string text;

  [[nodiscard]] bool is_file() const { return text.starts_with(k_sqlite); }
  /// Of a database that is_file().
  [[nodiscard]] std::filesystem::path file() const { return text.substr(k_sqlite.size()); }

  static constexpr std::string_view k_sqlite = "sqlite:";
};

struct WebSettings {
  Setting<ListenAddress> listen;
  Setting<DatabaseUrl> database;
  Setting<ReadAuth> auth;
  Setting<std::string> base_path;   ///< "" or "/agents": starts with '/', does not end with one
  Setting<std::string> public_url;  ///< cleaned like the client's; empty: none
  Setting<base::Secret> api_key;    ///< one more ingest key, not stored; only from the environment
  Setting<base::LogLevel> log_level;
  Setting<LogFormat> log_format;
  Setting<base::Milliseconds> heartbeat;      ///< SSE comment when nothing else was sent
  Setting<base::Milliseconds> drain_timeout;  ///< how long a stopping server waits for open requests
  Setting<base::Milliseconds>
      silence_timeout;                     ///< ACTIVE sessions without events become INTERRUPTED; 0: never
  Setting<base::Milliseconds> retain;      ///< conversations quiet for longer are deleted; 0: kept
  Setting<std::uint64_t> retain_size;      ///< bytes of the database above which the quietest go; 0: any
  Setting<std::string> tls_cert, tls_key;  ///< PEM files, both or none
  Setting<std::string> trusted_proxies;    ///< as base::parse_ip_ranges() takes it
  Setting<unsigned> ingest_rate;           ///< events a second for each key or address; 0: any
  Setting<unsigned> read_rate;             ///< the same for requests that only look
  Setting<unsigned> streams_per_key;       ///< open at once
  Setting<base::Milliseconds> stream_rotation;  ///< a stream ends after about so long; 0: never
  Setting<unsigned> threads;                    ///< network loops
  Setting<unsigned> max_connections;

  std::filesystem::path file;  ///< the one read; empty: none
  std::vector<std::string> warnings;
};

/// Merges defaults, file, environment and flags, then checks what belongs together (no open reading on
/// an address that others reach).
base::Result<WebSettings> load_web_settings(const Sources& sources);

/// Does reading need a login with these settings?
[[nodiscard]] bool reading_needs_login(const WebSettings& settings);

std::vector<KeyHelp> web_keys();
std::vector<Shown> show(const WebSettings& settings);

}  // namespace agentpipe::config
