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
/// The same of an item of that text; newer ones say what they are.
bool is_context(const Node& item, std::string_view text);

/// The person's words in a message of that text: a command for the shell is written as it was typed, "!ls",
/// with its output.
std::string prompt_of(std::string_view text);

/// The text of a message's content, which is a string or a list of items.
std::string text_of(const Node& content);

/// An object of token numbers: `input_tokens` holds the cached ones, `output_tokens` the reasoning.
Usage usage_of(const Node& usage);

/// What one agent of a team says to another: `agent_message`, an item whose text begins with a head of lines.
struct AgentWords {
  std::string author;      ///< a path of names of tasks: "/root/count_files"
  std::string text;        ///< empty: only the model can read it
  bool is_answer = false;  ///< the last one of who was given a task
};
AgentWords agent_words_of(const Node& item);
/// The name of the task in an agent's path.
std::string_view task_in(std::string_view path);

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
