#include "agentpipe/cli/exit_code.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace agentpipe::cli {

namespace {

using base::ErrorCode;

constexpr std::string_view k_usage_reason = "usage";

constexpr auto k_help = std::to_array<ExitCodeHelp>({
    {ExitCode::ok, "all done, everything delivered"},
    {ExitCode::failure, "failure"},
    {ExitCode::usage, "the command line is wrong"},
    {ExitCode::refused, "input or events were refused (dead letters exist)"},
    {ExitCode::unreachable, "the server cannot be reached"},
    {ExitCode::data_lost, "data was lost, or standard output could not be written"},
    {ExitCode::spooled, "everything is safe on disk, but not yet delivered"},
    {ExitCode::key_refused, "the server refused the key"},
    {ExitCode::configuration, "the configuration must be changed first"},
    {ExitCode::interrupted, "interrupted"},
});

constexpr auto k_by_error = std::to_array<std::pair<ErrorCode, ExitCode>>({
    {ErrorCode::invalid, ExitCode::refused},
    {ErrorCode::unsupported, ExitCode::refused},
    {ErrorCode::conflict, ExitCode::refused},
    {ErrorCode::gone, ExitCode::refused},
    {ErrorCode::too_large, ExitCode::refused},
    {ErrorCode::unauthorized, ExitCode::key_refused},
    {ErrorCode::forbidden, ExitCode::key_refused},
    {ErrorCode::rate_limited, ExitCode::unreachable},
    {ErrorCode::unavailable, ExitCode::unreachable},
    {ErrorCode::configuration, ExitCode::configuration},
    {ErrorCode::not_found, ExitCode::failure},
    {ErrorCode::io, ExitCode::failure},
    {ErrorCode::internal, ExitCode::failure},
});

}  // namespace

std::span<const ExitCodeHelp> exit_codes() {
  return k_help;
}

ExitCode exit_code_of(const base::Error& error) {
  if (error.reason == k_usage_reason) return ExitCode::usage;
  const auto* const row = std::ranges::find(k_by_error, error.code, &std::pair<ErrorCode, ExitCode>::first);
  return row == k_by_error.end() ? ExitCode::failure : row->second;
}

tl::unexpected<base::Error> usage_error(std::string message) {
  return tl::unexpected<base::Error>(
      base::Error{ErrorCode::configuration, std::move(message), {}, {}, std::string(k_usage_reason)});
}

}  // namespace agentpipe::cli
