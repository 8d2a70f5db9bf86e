#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent_session.hpp"
#include "json_line.hpp"
#include "otlp_attributes.hpp"

namespace agentpipe::formats::otlp {

/// Reads gen_ai.input.messages and gen_ai.output.messages: `[{"role","parts":[{"type","content"},…]}]`, or
/// messages as OpenAI's interface has them. What is no JSON, because an exporter cut it, is one text of
/// `role`. Messages that say nothing are left out. Who speaks stands in `role` alone.
std::vector<AgentMessage> read_messages(const std::string& json, std::string_view role);

/// The body of an event that stands for one message: `{"content","role"?,"tool_calls"?}`, of a tool
/// `{"content","id"}`. Says nothing when its content was not captured.
AgentMessage read_event(const Node& body, std::string_view role, JsonLine& inner);

/// What OpenLLMetry spreads over attributes (`gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`,
/// `gen_ai.prompt.0.tool_calls.0.name`, …) as a list for read_messages(). `prefix`: "gen_ai.prompt."
std::string indexed_messages(const Attributes& attributes, std::string_view prefix);

/// gen_ai.system_instructions: `[{"type","content"},…]`, or plain text; at most one message.
std::vector<AgentMessage> read_instructions(const std::string& json);

}  // namespace agentpipe::formats::otlp
