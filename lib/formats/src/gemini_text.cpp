#include "gemini_text.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats::gemini {
namespace {

constexpr std::string_view k_agent = "gemini";

void add_part(const Node& part, MessageParts& parts) {
  if (part.is_text()) return parts.text(base::trim(part.view()));
  parts.text(base::trim(part["text"].view()));
  if (const auto data = part["inlineData"]; data.is_object())
    parts.image(data["mimeType"].view(), data["data"].view().size() / 4 * 3);
}

/// A result is text, or a list of parts with the tool's answer inside.
std::string output_of(const Node& result) {
  if (result.is_text()) return result.text();
  std::string output;
  result.each([&](const Node& part) {
    const auto response = part["functionResponse"]["response"];
    const auto inner = response.either("output", "error");
    const auto text = inner.is_text() ? inner.text() : part["text"].text();
    const auto piece = text.empty() && !response.is_null() ? response.json() : text;
    if (!piece.empty()) output.append(output.empty() ? "" : "\n").append(piece);
  });
  return output;
}

ReportedUsage by_model(const Node& models) {
  ReportedUsage sum;
  models.each_member([&](std::string_view, const Node& model) {
    const auto tokens = model["tokens"].is_object() ? model["tokens"] : model;
    const auto thoughts = tokens["thoughts"].count_or_0();
    sum.input += tokens.either("prompt", "input_tokens").count_or_0() + tokens["tool"].count_or_0();
    sum.cache_read += tokens["cached"].count_or_0();
    sum.output += tokens.either("candidates", "output_tokens").count_or_0() + thoughts;
    sum.reasoning += thoughts;
  });
  return sum;
}

}  // namespace

void add_content(const Node& content, MessageParts& parts) {
  if (content.is_array()) return content.each([&](const Node& part) { add_part(part, parts); });
  add_part(content, parts);
}

void add_thoughts(const Node& thoughts, MessageParts& parts) {
  thoughts.each([&](const Node& thought) {
    const auto subject = thought["subject"].text();
    const auto description = thought["description"].text();
    parts.thinking(subject.empty() || description.empty() ? subject + description
                                                          : "**" + subject + "**\n" + description);
  });
}

AgentMessage call_of(const Node& call, const std::string& model) {
  AgentMessage message;
  if (const auto id = call["id"].text(); !id.empty()) message.id = "call-" + id;
  message.agent_id = k_agent;
  message.role = "assistant";
  message.model = model;
  const auto arguments = call["args"].json();
  message.parts.tool_call({call["id"].view(), call["name"].view(), arguments});
  return message;
}

bool is_over(const Node& call) {
  constexpr std::array<std::string_view, 3> k_ends = {"success", "error", "cancelled"};
  const auto status = call["status"].view();
  return std::find(k_ends.begin(), k_ends.end(), status) != k_ends.end() || !call["result"].is_null();
}

std::optional<AgentMessage> result_of(const Node& call) {
  if (!is_over(call)) return std::nullopt;
  using Outcome = ToolResult::Outcome;
  auto output = output_of(call["result"]);
  if (output.empty()) output = call["resultDisplay"].text();
  AgentMessage message;
  if (const auto id = call["id"].text(); !id.empty()) {
    message.id = "result-" + id;
    message.parent_message_id = "call-" + id;
  }
  message.agent_id = k_agent;
  message.role = "tool";
  const bool failed = call["status"].view() == "error" || call["status"].view() == "cancelled";
  message.parts.tool_result(
      {call["id"].view(), call["name"].view(), output, failed ? Outcome::failed : Outcome::ok});
  return message;
}

std::optional<Usage> file_usage(const Node& tokens) {
  if (!tokens.is_object()) return std::nullopt;
  ReportedUsage reported;
  reported.input = tokens["input"].count_or_0();
  reported.cache_read = tokens["cached"].count_or_0();
  reported.reasoning = tokens["thoughts"].count_or_0();
  reported.output = tokens["output"].count_or_0() + reported.reasoning;
  reported.tool_input = tokens["tool"].count_or_0();
  reported.total = tokens["total"].count_or_0();
  return normalised(reported, InputRule::told_by_total);
}

std::optional<Usage> run_usage(const Node& stats) {
  if (!stats.is_object()) return std::nullopt;
  if (stats["total_tokens"].is_null())
    return normalised(by_model(stats["models"]), InputRule::includes_cached);
  ReportedUsage reported;
  reported.input = stats["input_tokens"].count_or_0();
  reported.cache_read = stats["cached"].count_or_0();
  const auto answered = stats["output_tokens"].count_or_0();
  reported.output = std::max(answered, stats["total_tokens"].count_or_0() - reported.input);
  reported.reasoning = reported.output - answered;
  return normalised(reported, InputRule::includes_cached);
}

}  // namespace agentpipe::formats::gemini
