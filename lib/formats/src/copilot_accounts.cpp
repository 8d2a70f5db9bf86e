#include "copilot_accounts.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "copilot_chat.hpp"

namespace agentpipe::formats::copilot {
Usage usage_of(const Node& usage) {
  ReportedUsage reported;
  reported.input = usage["inputTokens"].count_or_0();
  reported.cache_read = usage["cacheReadTokens"].count_or_0();
  reported.cache_write = usage["cacheWriteTokens"].count_or_0();
  reported.output = usage["outputTokens"].count_or_0();
  reported.reasoning = usage["reasoningTokens"].count_or_0();
  return normalised(reported, InputRule::includes_cached);
}

std::string model_name(std::string_view name) {
  std::string vendor(name);
  if (vendor.starts_with("claude")) std::replace(vendor.begin(), vendor.end(), '.', '-');
  return vendor;
}

void Accounts::compacted() {
  totals_.clear();
  told_ = {};
}

Accounts::Sum Accounts::since_last(std::string_view model, const Node& metric) {
  const Total now{metric["requests"]["count"].count_or_0(), usage_of(metric["usage"])};
  const auto before = std::exchange(totals_[std::string(model)], now);
  const auto grown = growth(before.usage, now.usage);
  Sum sum{model_name(model), now.requests, grown.value_or(now.usage)};
  if (grown) sum.requests = std::max<std::int64_t>(now.requests - before.requests, 0);
  return sum;
}

std::vector<Accounts::Sum> Accounts::close(const Node& metrics) {
  std::vector<Sum> sums;
  metrics.each_member([&](std::string_view model, const Node& metric) {
    auto sum = since_last(model, metric);
    const auto used = sum.usage;
    sum.usage = excess(told_, used);
    told_ = excess(used, told_);
    if (sum.usage.total() > 0) sums.push_back(std::move(sum));
  });
  told_ = {};
  return sums;
}

/// Prices depend on the length of a request; these are taken to be of equal length.
AgentMessage told(const Accounts::Sum& sum, const PriceTable& prices) {
  const auto requests = std::max<std::int64_t>(sum.requests, 1);
  auto mean = sum.usage;
  for (auto* tokens : {&mean.input, &mean.cache_read, &mean.cache_write, &mean.output}) *tokens /= requests;
  AgentMessage message;
  message.agent_id = std::string(k_source);
  message.role = "system";
  message.parts.notice("usage", "Tokens of " + base::group_digits(static_cast<std::uint64_t>(requests)) +
                                    (requests == 1 ? " request" : " requests") + " to " + sum.model);
  message.estimate = AgentMessage::Estimate::given;
  if (const auto cost = prices.cost(sum.model, mean))
    message.estimated_cost = *cost * static_cast<double>(requests);
  message.usage = sum.usage;
  message.model = sum.model;
  return message;
}

}  // namespace agentpipe::formats::copilot
