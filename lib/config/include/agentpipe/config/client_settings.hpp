#pragma once

#include <cstddef>
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

/// One item of `redact.patterns`. Only the file has them; whoever uses them checks what they say.
struct RedactPattern {
  Setting<std::string> kind;
  Setting<std::string> pattern;
};

/// Section `bridge:` of ~/.agentpipe.yaml with everything that may override it.
struct ClientSettings {
  Setting<bool> enabled;     ///< delivery is opt-in; an explicit --url needs no opt-in
  Setting<std::string> url;  ///< cleaned: no trailing '/', no "/api/ingest"
  Setting<base::Secret> api_key;
  Setting<base::Milliseconds> timeout;  ///< one request
  Setting<unsigned> retry_attempts;     ///< of `upload`, after the first; 0 to 100
  Setting<base::LogLevel> log_level;
  Setting<std::string> machine;  ///< label of this host; empty: the host name
  Setting<std::string> ca_file;  ///< empty: the system's certificates; "~/…" is expanded
  Setting<bool> allow_plain_http;
  Setting<std::string> prices_file;            ///< empty: the built-in price list alone; "~/…" is expanded
  Setting<std::string> project_folders;        ///< absolute or "~/…", with commas between; empty: none
  std::vector<RedactPattern> redact_patterns;  ///< both members given in each

  std::filesystem::path file;  ///< the one read, or the one `setup` would write
  bool file_exists = false;
  /// For standard error: file readable by others, ignored keys of the Go CLI, variables with odd values.
  std::vector<std::string> warnings;
};

/// The file is bounded before it is parsed: a config file of a person is a few KB.
inline constexpr std::size_t k_max_config_bytes = 1UL << 20U;

/// Merges all sources. `configuration` with the key, the line and the remedy when one cannot be read.
/// That a key may not travel over plain http is checked where it is sent (delivery::make_endpoint), because
/// `status` must still work.
base::Result<ClientSettings> load_client_settings(const Sources& sources);

/// The same from defaults and file alone: what `setup` shows as current and changes.
base::Result<ClientSettings> load_client_file(const Sources& sources);

/// All rows of the table, in the order of the sample file.
std::vector<KeyHelp> client_keys();
/// `redact.patterns`: a list, and so no row of the table.
KeyHelp patterns_help();
/// Every setting as people may see it, in the order of the table.
std::vector<Shown> show(const ClientSettings& settings);

}  // namespace agentpipe::config
