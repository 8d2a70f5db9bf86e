#include "codex_text.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"
#include "tags.hpp"

namespace agentpipe::formats::codex {
namespace {

constexpr std::array<std::string_view, 7> k_context = {"# AGENTS.md instructions", "<environment_context>",
                                                       "<user_instructions>",      "<permissions",
                                                       "<turn_aborted>",           "<skill>",
                                                       "<subagent_notification>"};

constexpr std::string_view k_empty = "{}";

/// Output as a program's text and what it ended with.
struct Output {
  std::string text;
  bool failed = false;
};

Output output_of(const Node& value);

Output from_object(const Node& object) {
  const auto inner = object.either("output", "content");
  Output output = inner.is_null() ? Output{object.json(), false} : output_of(inner);
  const auto exit_code = object["metadata"]["exit_code"].count();
  const auto success = object["success"];
  output.failed = (exit_code && *exit_code != 0) || (!success.is_null() && !success.is_true());
  return output;
}

Output output_of(const Node& value) {
  if (value.is_text()) return {value.text(), false};
  if (value.is_object()) return from_object(value);
  return {text_of(value), false};
}

}  // namespace

bool is_context(std::string_view text) {
  text = base::trim(text);
  return std::any_of(k_context.begin(), k_context.end(),
                     [&](std::string_view mark) { return text.starts_with(mark); });
}

bool is_context(const Node& item, std::string_view text) {
  bool says_what = false;
  bool is_users = false;
  item["internal_chat_message_metadata_passthrough"]["content_item_kinds"].each([&](const Node& kind) {
    says_what = says_what || kind.view() != "unknown";
    is_users = is_users || kind.view().starts_with("user.") || kind.view() == "shell.user_command";
  });
  return says_what ? !is_users : is_context(text);
}

std::string prompt_of(std::string_view text) {
  text = base::trim(text);
  if (!text.starts_with("<user_shell_command>")) return std::string(text);
  const auto result = base::trim(inside(text, "result"));
  auto prompt = "!" + std::string(base::trim(inside(text, "command")));
  return result.empty() ? prompt : prompt + "\n\n" + fenced(result);
}

std::string text_of(const Node& content) {
  if (content.is_text()) return content.text();
  std::string text;
  content.each([&](const Node& item) {
    const auto piece = item.is_text() ? item.view() : item["text"].view();
    if (!piece.empty()) text.append(text.empty() ? "" : "\n").append(piece);
  });
  return text;
}

Usage usage_of(const Node& usage) {
  ReportedUsage reported;
  reported.input = usage["input_tokens"].count_or_0();
  reported.cache_read = usage.either("cached_input_tokens", "cache_read_input_tokens").count_or_0();
  reported.cache_write = usage.either("cache_write_input_tokens", "cache_creation_input_tokens").count_or_0();
  reported.output = usage["output_tokens"].count_or_0();
  reported.reasoning = usage["reasoning_output_tokens"].count_or_0();
  return normalised(reported, InputRule::includes_cached);
}

std::string_view task_in(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

AgentWords agent_words_of(const Node& item) {
  constexpr std::string_view k_payload = "Payload:\n";
  constexpr std::string_view k_answer = "Message Type: FINAL_ANSWER";
  const auto text = text_of(item["content"]);
  const auto head = text.find(k_payload);
  const auto words = std::string_view(text).substr(head == std::string::npos ? 0 : head + k_payload.size());
  return {item["author"].text(), std::string(base::trim(words)), text.starts_with(k_answer)};
}

void add_call(const Node& item, std::string_view deed, MessageParts& parts, JsonLine& json) {
  const auto name = item["name"].view();
  const auto type = item["type"].view();
  const auto id = item.either("call_id", "id").view();
  const auto arguments = item["arguments"].view();
  if (!arguments.empty()) {
    // A string that holds JSON; models get it wrong at times.
    const auto parsed = json.parse(arguments);
    if (parsed) return parts.tool_call({id, name, parsed->json(), ToolCall::Input::json, deed});
    return parts.tool_call({id, name, arguments, ToolCall::Input::text, deed});
  }
  if (const auto input = item["input"]; input.is_text())
    return parts.tool_call({id, name, input.view(), ToolCall::Input::text, deed});
  const auto action = item.either("action", "input").json();
  parts.tool_call(
      {id, name.empty() ? type.substr(0, type.rfind("_call")) : name, action, ToolCall::Input::json, deed});
}

void add_output(const Node& item, MessageParts& parts, JsonLine& json) {
  const auto value = item["output"];
  auto output = output_of(value);
  if (value.view().starts_with('{')) {
    const auto parsed = json.parse(value.view());
    if (parsed && !(*parsed)["output"].is_null()) output = from_object(*parsed);
  }
  using Outcome = ToolResult::Outcome;
  parts.tool_result({item["call_id"].view(), {}, output.text, output.failed ? Outcome::failed : Outcome::ok});
}

Work work_of(const Node& item, std::string_view deed) {
  using Input = ToolCall::Input;
  using Outcome = ToolResult::Outcome;
  Work work;
  const auto id = item["id"].view();
  const auto type = item["type"].view();
  const auto exit_code = item["exit_code"].count();
  const bool failed = item["status"].view() == "failed" || (exit_code && *exit_code != 0);
  const auto outcome = failed ? Outcome::failed : Outcome::ok;
  if (type == "command_execution") {
    work.call.tool_call({id, "shell", item["command"].view(), Input::text, deed});
    work.result.tool_result({id, "shell", item["aggregated_output"].view(), outcome});
  } else if (type == "mcp_tool_call") {
    const auto name = item["server"].text() + "." + item["tool"].text();
    work.call.tool_call({id, name, item["arguments"].json(), Input::json, deed});
    const auto result = item.either("result", "error");
    work.result.tool_result({id, name, result.is_text() ? result.text() : result.json(), outcome});
  } else if (type == "collab_tool_call") {
    const auto name = item["tool"].view();
    work.call.tool_call({id, name, item["prompt"].view(), Input::text, deed});
    const auto states = item["agents_states"].json();
    if (states.size() > k_empty.size()) work.result.tool_result({id, name, states, outcome});
  } else if (const auto query = item["query"].view(); !query.empty()) {
    work.call.tool_call({id, type, query, Input::text, deed});
  } else {
    const auto changes = item.either("changes", "items");
    work.call.tool_call({id, type, changes.is_null() ? item.json() : changes.json(), Input::json, deed});
  }
  return work;
}

}  // namespace agentpipe::formats::codex
