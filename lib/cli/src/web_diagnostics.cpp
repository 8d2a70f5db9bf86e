#include "web_diagnostics.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <system_error>

#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {

namespace {

namespace fs = std::filesystem;

enum class Telling : unsigned char { open, masked };
struct Variable {
  std::string_view name;
  Telling telling;
};
constexpr std::array k_variables{
    Variable{"AGENTPIPE_BRIDGE_API_KEY", Telling::masked},
    Variable{"AGENTPIPE_WEB_AUTH", Telling::open},
    Variable{"AGENTPIPE_WEB_BASE_PATH", Telling::open},
    Variable{"AGENTPIPE_WEB_LISTEN", Telling::open},
    Variable{"AGENTPIPE_WEB_LOG_LEVEL", Telling::open},
    Variable{"AGENTPIPE_WEB_PUBLIC_URL", Telling::open},
    Variable{"DATABASE_URL", Telling::masked},
    Variable{"HOME", Telling::open},
    Variable{"LANG", Telling::open},
    Variable{"PATH", Telling::open},
    Variable{"TZ", Telling::open},
    Variable{"XDG_CONFIG_HOME", Telling::open},
    Variable{"XDG_DATA_HOME", Telling::open},
};

std::optional<std::uint64_t> size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? std::nullopt : std::optional(size);
}

std::optional<std::uint64_t> space_beside(const fs::path& path) {
  std::error_code error;
  const auto space = fs::space(path.parent_path().empty() ? "." : path.parent_path(), error);
  return error ? std::nullopt : std::optional(space.available);
}

}  // namespace

service::DatabaseFigures database_figures(const config::DatabaseUrl& database, store::Store& store) {
  const auto bytes = store.bytes().value_or(0);
  if (!database.is_file()) return {.kind = "postgresql", .bytes = bytes};
  const fs::path path = database.file();
  return {.kind = "sqlite",
          .bytes = bytes,
          .log_bytes = size_of(path.string() + "-wal").value_or(0),
          .free_bytes = space_beside(path)};
}

std::vector<service::NamedValue> configuration_rows(const config::WebSettings& settings) {
  std::vector<service::NamedValue> rows;
  for (const auto& shown : config::show(settings))
    rows.push_back({std::string(shown.key), shown.value, shown.origin});
  return rows;
}

std::vector<service::NamedValue> environment_rows(const config::Environment& environment) {
  std::vector<service::NamedValue> rows;
  for (const auto& variable : k_variables) {
    const auto value = environment.get(variable.name);
    if (!value) continue;
    rows.push_back({std::string(variable.name),
                    variable.telling == Telling::open ? base::repair_utf8(*value) : "(set)"});
  }
  return rows;
}

}  // namespace agentpipe::cli
