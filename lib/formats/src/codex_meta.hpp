#pragma once

#include <string>

#include "agentpipe/model/event.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::codex {

/// Where a session comes from, as the first record of its rollout (`session_meta`) says.
struct Descent {
  std::string parent;        ///< id of the session that it is a subagent or a fork of; empty: none
  model::OptionalText name;  ///< a subagent's: of its task, or of its own
  /// Newer forks leave the history where it is: running totals count what it used all the same.
  bool inherits_usage = false;
  /// A session that was taken back to an earlier turn goes on in another file: this part's name. Empty: there
  /// is no part before it.
  std::string part;
};
Descent descent_of(const Node& meta);

}  // namespace agentpipe::formats::codex
