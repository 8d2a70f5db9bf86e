#include "turn_accounts.hpp"

#include <utility>

namespace agentpipe::formats {

void TurnAccounts::report(const std::optional<Usage>& total, const std::optional<Usage>& last,
                          std::string_view model, const PriceTable& prices) {
  if (!total && !last) return;
  auto used = total ? growth(total_, *total) : last;
  if (!used) used = last ? last : total;
  if (total) total_ = *total;
  if (used->total() == 0) return;
  turn_ += *used;
  const auto cost = prices.cost(model, *used);
  cost_known_ = cost_known_ && cost.has_value();
  cost_ += cost.value_or(0);
}

void TurnAccounts::skip_to(const std::optional<Usage>& total) {
  if (total) total_ = *total;
}

std::optional<TurnAccounts::Sum> TurnAccounts::take() {
  if (turn_.total() == 0) return std::nullopt;
  Sum sum{std::exchange(turn_, {}), std::nullopt};
  if (std::exchange(cost_known_, true)) sum.cost = cost_;
  cost_ = 0;
  return sum;
}

}  // namespace agentpipe::formats
