#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent_session.hpp"

namespace agentpipe::formats::otlp {

/// Reads gen_ai.input.messages and gen_ai.output.messages: `[{"role","parts":[{"type","content"},…]}]`, or
/// messages as OpenAI's interface has them. What is no JSON, because an exporter cut it, is one text of
/// `role`. Messages that say nothing are left out. Who speaks stands in `role` alone.
std::vector<AgentMessage> read_messages(const std::string& json, std::string_view role);

/// gen_ai.system_instructions: `[{"type","content"},…]`, or plain text; at most one message.
std::vector<AgentMessage> read_instructions(const std::string& json);

}  // namespace agentpipe::formats::otlp
