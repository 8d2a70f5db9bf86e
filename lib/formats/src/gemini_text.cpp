#include "gemini_text.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats::gemini {
namespace {

constexpr std::string_view k_agent = "gemini";

void add_part(const Node& part, Thoughts thoughts, MessageParts& parts) {
  if (part.is_text()) return parts.text(base::trim(part.view()));
  const auto text = base::trim(part["text"].view());
  if (!part["thought"].is_true()) {
    parts.text(text);
  } else if (thoughts == Thoughts::taken) {
    parts.thinking(text);
  }
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

/// Of one model, or of all together. `gemini --output-format json` has the numbers of each model in `tokens`
/// and names them otherwise.
Usage account_of(const Node& stats) {
  ReportedUsage reported;
  if (const auto tokens = stats["tokens"]; tokens.is_object()) {
    reported.input = tokens["prompt"].count_or_0();
    reported.tool_input = tokens["tool"].count_or_0();
    reported.cache_read = tokens["cached"].count_or_0();
    reported.reasoning = tokens["thoughts"].count_or_0();
    reported.output = tokens["candidates"].count_or_0() + reported.reasoning;
  } else {
    reported.input = stats["input_tokens"].count_or_0();
    reported.cache_read = stats["cached"].count_or_0();
    const auto answered = stats["output_tokens"].count_or_0();
    reported.output = std::max(answered, stats["total_tokens"].count_or_0() - reported.input);
    reported.reasoning = reported.output - answered;
  }
  return normalised(reported, InputRule::includes_cached);
}

}  // namespace

void add_content(const Node& content, Thoughts thoughts, MessageParts& parts) {
  if (content.is_array()) return content.each([&](const Node& part) { add_part(part, thoughts, parts); });
  add_part(content, thoughts, parts);
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

std::optional<RunAccount> run_account(const Node& stats, const PriceTable& prices) {
  if (!stats.is_object()) return std::nullopt;
  RunAccount sum;
  std::int64_t most = 0;
  sum.cost = 0;
  stats["models"].each_member([&](std::string_view name, const Node& model) {
    const auto used = account_of(model);
    if (used.total() == 0) return;
    if (used.total() > most) sum.model = name;
    most = std::max(most, used.total());
    sum.usage += used;
    const auto cost = prices.cost(name, used);
    if (sum.cost && cost) *sum.cost += *cost;
    if (!cost) sum.cost.reset();
  });
  if (most == 0) return RunAccount{account_of(stats), {}, {}};
  return sum;
}

void carry(RunAccount account, AgentMessage& message) {
  if (!account.model.empty()) {
    message.model = std::move(account.model);
    message.estimated_cost = account.cost;
    message.estimate = AgentMessage::Estimate::given;
  }
  message.usage = account.usage;
}

}  // namespace agentpipe::formats::gemini
