#pragma once

#include <string>
#include <vector>

#include "agent_session.hpp"
#include "json_line.hpp"

/// What single values of Gemini CLI's records mean.
namespace agentpipe::formats::gemini {

/// Stands for the words of a turn that ended without any.
inline constexpr std::string_view k_no_answer = "Tokens used without an answer";

/// Text and images of content that is a string or a list of parts.
void add_content(const Node& content, MessageParts& parts);
void add_thoughts(const Node& thoughts, MessageParts& parts);
/// What a tool is asked, as a message.
AgentMessage call_of(const Node& call, const std::string& model);
/// What the tool gave back, as a message; nothing while it has not.
std::optional<AgentMessage> result_of(const Node& call);
/// Has the tool come to an end?
bool is_over(const Node& call);

/// `tokens` of a message in a file.
std::optional<Usage> file_usage(const Node& tokens);
/// `stats` at the end of a run: a total over its requests, flat or by model.
std::optional<Usage> run_usage(const Node& stats);

}  // namespace agentpipe::formats::gemini
