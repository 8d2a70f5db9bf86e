#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sessions_found.hpp"

namespace agentpipe::cli {

/// Files that a tool deletes within this time are in danger.
inline constexpr unsigned k_soon_days = 10;

/// How one agent's files on this machine stand to a server.
struct SourceState {
  FoundSource found;
  /// Neither by upload nor by stream --follow, or changed since.
  std::size_t not_uploaded = 0;
  std::size_t in_use = 0;             ///< of those: being written, so that their last answer may not be whole
  std::size_t in_danger = 0;          ///< of those: deleted within k_soon_days
  std::optional<unsigned> days_kept;  ///< nothing: the tool keeps its files
};

/// Agents without files are left out.
std::vector<SourceState> look_at_sources(const config::ClientSettings& settings, const World& world);

/// Lines for people, each beginning with `indent` but the first, which begins with `label`.
std::string text_of(const std::vector<SourceState>& sources, const std::string& label,
                    const std::string& indent);
nlohmann::ordered_json json_of(const std::vector<SourceState>& sources);

}  // namespace agentpipe::cli
