#include "web_options.hpp"

#include <CLI/CLI.hpp>
#include <array>

namespace agentpipe::cli {

namespace {

struct WebFlag {
  const char* key;
  const char* flag;
  std::optional<std::string> WebOptions::*member;
  const char* type;
  const char* help;
};

constexpr std::array k_web_flags{
    WebFlag{"listen", "--listen", &WebOptions::listen, "ADDRESS:PORT",
            "Where to listen (127.0.0.1:3000); port 0: any free one"},
    WebFlag{"database", "--database", &WebOptions::database, "URL",
            "sqlite:PATH or postgresql://USER@HOST/DATABASE (a file in your data folder)"},
    WebFlag{"auth", "--auth", &WebOptions::auth, "auto|on|off",
            "Must readers log in? auto: only beyond loopback"},
    WebFlag{"base_path", "--base-path", &WebOptions::base_path, "/PATH",
            "The path below which a proxy shows the server"},
    WebFlag{"public_url", "--public-url", &WebOptions::public_url, "URL", "What browsers call the server"},
    WebFlag{"threads", "--threads", &WebOptions::threads, "N", "Network loops"},
    WebFlag{"drain_timeout", "--drain-timeout", &WebOptions::drain_timeout, "TIME",
            "How long a stopping server waits (10s)"},
    WebFlag{"silence_timeout", "--silence-timeout", &WebOptions::silence_timeout, "TIME|off",
            "Running sessions count as interrupted after so long without events (30m)"},
    WebFlag{"retain", "--retain", &WebOptions::retain, "TIME|off",
            "Delete sessions for which nothing came for so long, such as 365d (off)"},
    WebFlag{"retain_size", "--retain-size", &WebOptions::retain_size, "SIZE|off",
            "Delete the quietest ended sessions when the database holds more, such as 20GB (off)"},
    WebFlag{"tls_cert", "--tls-cert", &WebOptions::tls_cert, "FILE",
            "Certificate with its chain (PEM): serve https"},
    WebFlag{"tls_key", "--tls-key", &WebOptions::tls_key, "FILE", "Private key of the certificate (PEM)"},
    WebFlag{"trusted_proxies", "--trusted-proxies", &WebOptions::trusted_proxies, "ADDRESSES",
            "Proxies whose X-Forwarded-For is believed"},
};

}  // namespace

void add_web_options(CLI::App& app, WebOptions& options) {
  for (const auto& row : k_web_flags)
    app.add_option(row.flag, options.*(row.member), row.help)->type_name(row.type);
}

base::Result<config::WebSettings> load_web_settings(const WebOptions& options, const World& world) {
  config::Sources sources{world.environment, world.paths, {}, {}};
  for (const auto& row : k_web_flags)
    if (const auto& given = options.*(row.member)) sources.flags.push_back({row.key, *given, row.flag});
  if (world.globals.config_file)
    sources.config_file = config::expand_home(*world.globals.config_file, world.paths.home);
  return config::load_web_settings(sources);
}

}  // namespace agentpipe::cli
