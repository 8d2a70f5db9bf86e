#include "otlp_agents.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace agentpipe::formats::otlp {
namespace {

using Tells = AgentEvent::Tells;

/// What stands in the place of a text that is not exported.
constexpr std::string_view k_redacted = "<REDACTED>";

Usage claude_usage(const Attributes& attributes) {
  ReportedUsage reported;
  reported.input = attributes.count({"input_tokens"});
  reported.output = attributes.count({"output_tokens"});
  reported.cache_read = attributes.count({"cache_read_tokens"});
  reported.cache_write = attributes.count({"cache_creation_tokens"});
  return normalised(reported, InputRule::excludes_cached);
}

Usage gemini_usage(const Attributes& attributes) {
  ReportedUsage reported;
  reported.input = attributes.count({"input_token_count"});
  reported.cache_read = attributes.count({"cached_content_token_count"});
  reported.tool_input = attributes.count({"tool_token_count"});
  reported.reasoning = attributes.count({"thoughts_token_count"});
  reported.output = attributes.count({"output_token_count"}) + reported.reasoning;
  return normalised(reported, InputRule::includes_cached);
}

/// Told with the last piece of an answer; the others have none.
Usage codex_usage(const Attributes& attributes) {
  ReportedUsage reported;
  reported.input = attributes.count({"input_token_count"});
  reported.cache_read = attributes.count({"cached_token_count"});
  reported.cache_write = attributes.count({"cache_write_token_count"});
  reported.output = attributes.count({"output_token_count"});
  reported.reasoning = attributes.count({"reasoning_token_count"});
  return normalised(reported, InputRule::includes_cached);
}

// As Claude Code 2.1, Gemini CLI 0.20 and Codex 0.137 export them. Tools of Gemini stand in its GenAI events.
constexpr std::string_view k_claude = "claude-code";
constexpr std::string_view k_gemini = "gemini-cli";
constexpr std::string_view k_codex = "codex";
constexpr std::array k_events{
    AgentEvent{"claude_code.user_prompt", k_claude, Tells::prompt},
    AgentEvent{"claude_code.assistant_response", k_claude, Tells::answer},
    AgentEvent{"claude_code.api_request", k_claude, Tells::usage, claude_usage},
    AgentEvent{"claude_code.api_error", k_claude, Tells::error},
    AgentEvent{"claude_code.tool_result", k_claude, Tells::tool},
    AgentEvent{"gemini_cli.user_prompt", k_gemini, Tells::known_prompt},
    AgentEvent{"gemini_cli.api_response", k_gemini, Tells::usage, gemini_usage},
    AgentEvent{"gemini_cli.api_error", k_gemini, Tells::error},
    AgentEvent{"codex.user_prompt", k_codex, Tells::prompt},
    AgentEvent{"codex.sse_event", k_codex, Tells::usage, codex_usage},
    AgentEvent{"codex.tool_result", k_codex, Tells::tool},
};

const Names k_tool_ids{"tool_use_id", "call_id"};

model::OptionalInt duration_in(const Attributes& attributes) {
  if (!attributes.has({"duration_ms"})) return std::nullopt;
  return attributes.count({"duration_ms"});
}

std::string_view exported(std::string_view text) {
  return text == k_redacted ? std::string_view() : text;
}

/// Its request, else its time, which two events of a session can share only where they have numbers.
std::string call_of(const Node& record, const Attributes& attributes) {
  if (const auto request = attributes.text({"request_id"}); !request.empty()) return std::string(request);
  const auto told = event_time(attributes);
  const auto time = record["timeUnixNano"];
  std::string call = !told.empty() ? std::string(told) : time.is_text() ? time.text() : time.json();
  if (const auto number = attributes.json({"event.sequence"}); !number.empty()) call += '.' + number;
  return call;
}

std::optional<AgentMessage> text_message(std::string_view text, std::string_view role) {
  if (text.empty()) return std::nullopt;
  AgentMessage message;
  message.role = std::string(role);
  message.parts.text(text);
  return message;
}

std::optional<AgentMessage> tool_message(const Attributes& attributes) {
  const auto name = attributes.text({"tool_name"});
  if (name.empty()) return std::nullopt;
  AgentMessage message;
  message.role = "tool";
  const auto id = attributes.text(k_tool_ids);
  const auto input = attributes.json({"tool_input", "tool_parameters", "arguments"});
  message.parts.tool_call({id, name, input, ToolCall::Input::text});
  const bool failed = attributes.json({"success"}) == "false";
  const auto output = exported(attributes.text({"output", "error"}));
  using Outcome = ToolResult::Outcome;
  if (failed || !output.empty())
    message.parts.tool_result({id, name, output, failed ? Outcome::failed : Outcome::ok});
  message.duration_ms = duration_in(attributes);
  return message;
}

std::optional<AgentMessage> message_of(const AgentEvent& event, const Attributes& attributes) {
  switch (event.tells) {
    case Tells::prompt:
    case Tells::known_prompt:
      return text_message(exported(attributes.text({"prompt"})), k_user);
    case Tells::answer:
      return text_message(exported(attributes.text({"response"})), "assistant");
    case Tells::tool:
      return tool_message(attributes);
    default:
      return std::nullopt;
  }
}

Account account_of(const AgentEvent& event, const Attributes& attributes) {
  Account account;
  account.model = std::string(attributes.text({"model"}));
  if (event.usage == nullptr) return account;
  account.usage = event.usage(attributes);
  account.cost = attributes.money("cost_usd");
  account.duration_ms = duration_in(attributes);
  return account;
}

/// By its own id where it has one, else by its call.
void name_it(AgentRecord& told, std::string_view kind, std::string_view id) {
  if (!id.empty()) told.call = std::string(id);
  told.call.insert(0, kind);
  if (told.message) told.message->id = told.call;
}

}  // namespace

const AgentEvent* find_agent_event(const Node& record, std::string_view name) {
  for (const auto told : {name, record["body"]["stringValue"].view()}) {
    const auto* const row = std::ranges::find(k_events, told, &AgentEvent::name);
    if (row != k_events.end()) return row;
  }
  return nullptr;
}

AgentRecord read_agent_event(const AgentEvent& event, const Node& record, const Attributes& attributes) {
  AgentRecord told{
      call_of(record, attributes), message_of(event, attributes), account_of(event, attributes), {}};
  if (event.tells == Tells::known_prompt) told.call.insert(0, "prompt.");
  if (event.tells == Tells::prompt) name_it(told, "prompt.", attributes.text({"prompt.id"}));
  if (event.tells == Tells::tool) name_it(told, "tool.", attributes.text(k_tool_ids));
  if (event.tells == Tells::error) told.error = std::string(attributes.text({"error", "error.message"}));
  return told;
}

std::string_view event_time(const Attributes& attributes) {
  return attributes.text({"event.timestamp"});
}

}  // namespace agentpipe::formats::otlp
