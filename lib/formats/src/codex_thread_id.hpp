#pragma once

#include <optional>
#include <string_view>

#include "agentpipe/base/time.hpp"

/// What names a session of Codex: the id of its thread, a UUID.
namespace agentpipe::formats::codex {

/// "rollout-2026-05-13T09-00-00-<uuid>.jsonl" → "<uuid>"
std::string_view id_from_name(std::string_view name);

/// A UUID of version 7 begins with the milliseconds since 1970; nothing for any other.
std::optional<base::Timestamp> time_in_id(std::string_view id);

}  // namespace agentpipe::formats::codex
