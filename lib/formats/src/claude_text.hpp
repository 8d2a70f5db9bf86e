#pragma once

#include <string>
#include <string_view>

#include "agentpipe/formats/usage.hpp"
#include "json_line.hpp"
#include "message_parts.hpp"

/// What single values of Claude Code's records mean; files and standard output share them.
namespace agentpipe::formats::claude {

inline constexpr std::string_view k_source = "claude-code";

/// All text of a message's content.
std::string text_of(const Node& content);

/// What the person typed, out of what the tool wrote: "/compact now" for a slash command, nothing for what
/// the tool put in by itself (output of local commands, reminders, what the editor shows).
std::string shown_prompt(std::string_view text);

/// Text and images of a user's record, tool results left out; empty when nothing is to be shown.
MessageParts prompt_parts(const Node& content);

/// A tool_result block. `name`: the tool's, empty when not known.
MessageParts result_parts(const Node& block, std::string_view name);

/// One block of an answer.
void add_block(const Node& block, MessageParts& parts);

Usage usage_of(const Node& usage);

}  // namespace agentpipe::formats::claude
