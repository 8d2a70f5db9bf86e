#include "otlp_agents.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace agentpipe::formats::otlp {
namespace {

using Tells = AgentEvent::Tells;

/// What stands in the place of a text that is not exported.
constexpr std::string_view k_redacted = "<REDACTED>";

// Codex tells it with the last piece of an answer; the others have none.
constexpr TokenNames k_claude_tokens{.input = "input_tokens",
                                     .output = "output_tokens",
                                     .cache_read = "cache_read_tokens",
                                     .cache_write = "cache_creation_tokens",
                                     .rule = InputRule::excludes_cached};
constexpr TokenNames k_gemini_tokens{.input = "input_token_count",
                                     .output = "output_token_count",
                                     .cache_read = "cached_content_token_count",
                                     .reasoning_apart = "thoughts_token_count",
                                     .tool_input = "tool_token_count"};
constexpr TokenNames k_codex_tokens{.input = "input_token_count",
                                    .output = "output_token_count",
                                    .cache_read = "cached_token_count",
                                    .cache_write = "cache_write_token_count",
                                    .reasoning = "reasoning_token_count"};

Usage usage_of(const TokenNames& names, const Attributes& attributes) {
  const auto count = [&](std::string_view name) { return name.empty() ? 0 : attributes.count({name}); };
  const auto apart = count(names.reasoning_apart);
  ReportedUsage reported;
  reported.input = count(names.input);
  reported.output = count(names.output) + apart;
  reported.cache_read = count(names.cache_read);
  reported.cache_write = count(names.cache_write);
  reported.reasoning = count(names.reasoning) + apart;
  reported.tool_input = count(names.tool_input);
  return normalised(reported, names.rule);
}

// As Claude Code 2.1, Gemini CLI 0.20 and Codex 0.137 export them. Tools of Gemini stand in its GenAI events.
constexpr std::string_view k_claude = "claude-code";
constexpr std::string_view k_gemini = "gemini-cli";
constexpr std::string_view k_codex = "codex";
constexpr std::array k_events{
    AgentEvent{"claude_code.user_prompt", k_claude, Tells::prompt},
    AgentEvent{"claude_code.assistant_response", k_claude, Tells::answer},
    AgentEvent{"claude_code.api_request", k_claude, Tells::usage, &k_claude_tokens},
    AgentEvent{"claude_code.api_error", k_claude, Tells::error},
    AgentEvent{"claude_code.tool_result", k_claude, Tells::tool},
    AgentEvent{"gemini_cli.user_prompt", k_gemini, Tells::known_prompt},
    AgentEvent{"gemini_cli.api_response", k_gemini, Tells::usage, &k_gemini_tokens},
    AgentEvent{"gemini_cli.api_error", k_gemini, Tells::error},
    AgentEvent{"codex.user_prompt", k_codex, Tells::prompt},
    AgentEvent{"codex.sse_event", k_codex, Tells::usage, &k_codex_tokens},
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
  if (event.tokens == nullptr) return account;
  account.usage = usage_of(*event.tokens, attributes);
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
