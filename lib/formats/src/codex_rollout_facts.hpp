#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "agentpipe/formats/usage.hpp"

namespace agentpipe::formats::codex {

/// What `codex exec --json` does not print, and the rollout of the same session has.
struct RolloutFacts {
  std::string model;  ///< of the newest turn; empty: not told
  /// What the session had used when the turn began that ended at `total`; without such a turn, the newest.
  Usage before;
};
/// Reads the file from its front. Nothing when it cannot be read.
std::optional<RolloutFacts> rollout_facts(const std::filesystem::path& rollout, const Usage& total);

/// Descent::part of the session in that file.
std::string part_in(const std::filesystem::path& rollout);

}  // namespace agentpipe::formats::codex
