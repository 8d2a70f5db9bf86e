#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "agentpipe/formats/reader.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::claude {

/// What stands beside a subagent's file `agent-<id>.jsonl` in `agent-<id>.meta.json`.
struct Meta {
  std::string call_id;  ///< the tool call of the parent that started it
  std::optional<std::string> type;
  std::optional<std::string> description;
};

/// Empty when the input is no such file or has none beside it.
Meta read_meta(const Origin& origin);

/// The session that a record was copied from; empty: it is no copy.
std::string forked_from(const Node& record);
/// Where a session's file lies, in the folder of that of another.
std::filesystem::path file_beside(const std::filesystem::path& file, const std::string& session);

}  // namespace agentpipe::formats::claude
