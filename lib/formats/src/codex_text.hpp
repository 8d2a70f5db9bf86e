#pragma once

#include <string>
#include <string_view>

#include "agentpipe/formats/usage.hpp"
#include "json_line.hpp"
#include "message_parts.hpp"

/// What single values of Codex's records mean; rollouts and `codex exec --json` share them.
namespace agentpipe::formats::codex {

inline constexpr std::string_view k_source = "codex";

/// Is this text of role "user" what the tool put in: instructions, the environment?
bool is_context(std::string_view text);

/// The text of a message's content, which is a string or a list of items.
std::string text_of(const Node& content);

/// An object of token numbers: `input_tokens` holds the cached ones, `output_tokens` the reasoning.
Usage usage_of(const Node& usage);

/// A call in any of its shapes; `deed`: see codex_deeds.hpp.
void add_call(const Node& item, std::string_view deed, MessageParts& parts, JsonLine& json);
/// What a tool gave back: text, an object, or JSON in a string.
void add_output(const Node& item, MessageParts& parts, JsonLine& json);

/// What an item of `codex exec --json` says of a tool at work; without a result where it tells none.
struct Work {
  MessageParts call;
  MessageParts result;
};
Work work_of(const Node& item, std::string_view deed);

}  // namespace agentpipe::formats::codex
