#include "codex_meta.hpp"

#include "clean.hpp"
#include "codex_text.hpp"

namespace agentpipe::formats::codex {

Descent descent_of(const Node& meta) {
  Descent descent;
  descent.parent = meta["source"]["subagent"]["thread_spawn"]["parent_thread_id"].text();
  if (descent.parent.empty()) descent.parent = meta.either("parent_thread_id", "forked_from_id").text();
  const auto task = meta["agent_path"].view();
  descent.name = task.empty() ? meta.either("agent_nickname", "agent_role").label() : label(task_in(task));
  const auto base = meta["history_base"];
  descent.inherits_usage = base.is_object();
  if (descent.inherits_usage && base["thread_id"].view() == meta["id"].view())
    descent.part = meta["timestamp"].text();
  return descent;
}

}  // namespace agentpipe::formats::codex
