#pragma once

#include <string>

#include "json_line.hpp"

/// What a tool of Codex did, in words that rollouts and `codex exec --json` have in common: the latter does
/// not tell the ids of calls, so both name a call by these and show them: the kind of work, in further lines
/// more. Empty: a kind of work that only one of them shows.
namespace agentpipe::formats::codex {

/// Of a call in a rollout. `json` parses the arguments.
std::string deed_of_call(const Node& item, JsonLine& json);
/// Of an item on standard output.
std::string deed_of_work(const Node& item);

}  // namespace agentpipe::formats::codex
