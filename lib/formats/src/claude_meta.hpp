#pragma once

#include <optional>
#include <string>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::formats::claude {

/// What stands beside a subagent's file `agent-<id>.jsonl` in `agent-<id>.meta.json`.
struct Meta {
  std::string call_id;  ///< the tool call of the parent that started it
  std::optional<std::string> type;
  std::optional<std::string> description;
};

/// Empty when the input is no such file or has none beside it.
Meta read_meta(const Origin& origin);

}  // namespace agentpipe::formats::claude
