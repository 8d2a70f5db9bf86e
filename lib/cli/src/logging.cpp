#include "logging.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <string>

#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {

namespace {

constexpr std::size_t k_max_field_bytes = 2048;  // one line of a log stays readable

spdlog::level::level_enum level_of(base::LogLevel level) {
  switch (level) {
    case base::LogLevel::debug:
      return spdlog::level::debug;
    case base::LogLevel::info:
      return spdlog::level::info;
    case base::LogLevel::warn:
      return spdlog::level::warn;
    case base::LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// A value may come from outside: no line break, no escape sequence.
std::string field_text(std::string_view text) {
  std::string safe = base::terminal_safe(base::truncate_utf8(text, k_max_field_bytes));
  for (char& c : safe) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return safe;
}

void write_text(base::LogLevel level, std::string_view message, base::LogFields fields) {
  std::string line = field_text(message);
  for (const auto& [name, value] : fields)
    line.append(" ").append(name).append("=").append(field_text(value));
  spdlog::log(level_of(level), "{}", line);
}

void write_json(base::LogLevel level, std::string_view message, base::LogFields fields) {
  nlohmann::ordered_json members = {{"message", field_text(message)}};
  for (const auto& [name, value] : fields) members[std::string(name)] = field_text(value);
  const std::string text = members.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  spdlog::log(level_of(level), "{}", text.substr(1));  // the pattern opens the object
}

base::LogLevel least_level(const GlobalOptions& globals, base::LogLevel configured) {
  if (globals.log_level) return *globals.log_level;
  if (globals.verbosity == Verbosity::verbose) return base::LogLevel::debug;
  if (globals.verbosity == Verbosity::quiet) return base::LogLevel::error;
  return configured;
}

}  // namespace

void start_logging(const World& world, base::LogLevel configured, config::LogFormat format) {
  const bool json = world.globals.log_format.value_or(format) == config::LogFormat::json;
  const auto mode = !json && colour_on(world, world.err_channel) == Colour::on ? spdlog::color_mode::always
                                                                               : spdlog::color_mode::never;
  const auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(mode);
  const auto logger = std::make_shared<spdlog::logger>("agentpipe", sink);
  logger->set_level(spdlog::level::debug);
  logger->set_pattern(
      json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)" : "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
      spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(logger);
  base::set_log_sink(json ? write_json : write_text, least_level(world.globals, configured));
}

}  // namespace agentpipe::cli
