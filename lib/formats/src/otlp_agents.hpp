#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "otlp_call.hpp"

/// What coding agents write to OpenTelemetry's log in words of their own.
namespace agentpipe::formats::otlp {

/// Attributes with counts of tokens; an empty name: not told.
struct TokenNames {
  std::string_view input = {}, output = {}, cache_read = {}, cache_write = {};
  std::string_view reasoning = {};        ///< a part of the output
  std::string_view reasoning_apart = {};  ///< beside the output
  std::string_view tool_input = {};
  InputRule rule = InputRule::includes_cached;
};

/// An event of an agent's program.
struct AgentEvent {
  std::string_view name;
  std::string_view agent;  ///< type of the agent
  enum class Tells : unsigned char {
    prompt,        ///< of the person
    known_prompt,  ///< the same, and GenAI events tell it, too: both are named by what is said
    answer,        ///< of the model, without what it used
    usage,         ///< what a call of the model used, without what it said
    tool,          ///< a tool was run
    error,         ///< a call failed
  } tells;
  const TokenNames* tokens = nullptr;
};

/// Null for what tells nothing of a conversation. `name`: as the record has it; where that is a part of the
/// name only, as with Claude Code, the body is the whole of it.
const AgentEvent* find_agent_event(const Node& record, std::string_view name);

/// What one such record says; records of one call have the same `call`.
struct AgentRecord {
  std::string call;
  std::optional<AgentMessage> message;
  Account account;
  std::string error;

  [[nodiscard]] bool says_nothing() const { return !message && account.usage.total() == 0 && error.empty(); }
};
/// Texts that were not exported are not there.
AgentRecord read_agent_event(const AgentEvent& event, const Node& record, const Attributes& attributes);

/// When the event happened, as its exporter tells it in an attribute; empty when it does not.
std::string_view event_time(const Attributes& attributes);

}  // namespace agentpipe::formats::otlp
