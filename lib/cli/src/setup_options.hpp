#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "agentpipe/config/edit.hpp"

namespace CLI {
class App;
}

namespace agentpipe::cli {

struct SetupOptions {
  std::optional<std::string> url;
  bool api_key_stdin = false;
  std::optional<std::string> api_key_file;
  bool generate_key = false;
  bool enable = false;
  bool disable = false;
  bool allow_plain_http = false;
  std::optional<std::string> timeout_ms;
  std::optional<std::string> retry_attempts;
  bool yes = false;
  bool test = false;
};

void describe_setup(CLI::App& app, SetupOptions& options);

/// What `setup` is about to write, key by key.
struct Plan {
  std::vector<config::Change> changes;
  bool key_is_new = false;  ///< made here: the user has to see it once

  void set(std::string key, std::string value);
  [[nodiscard]] const std::string* find(std::string_view key) const;
};

/// What the flags say; reads a key from standard input or a file if they say so.
base::Result<Plan> plan_from_flags(const SetupOptions& options, World& world);

/// Asks for what the flags left open, showing what the file holds.
base::Result<void> ask_for_the_rest(Plan& plan, const config::ClientSettings& current, World& world);

/// Would the settings be valid with these changes? The error names the flag that belongs to the key.
base::Result<config::ClientSettings> check_plan(const Plan& plan, const World& world);

}  // namespace agentpipe::cli
