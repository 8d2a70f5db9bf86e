#pragma once

#include <optional>
#include <string_view>

#include "agentpipe/formats/prices.hpp"
#include "agentpipe/formats/usage.hpp"

namespace agentpipe::formats {

/// Collects what the requests of one turn used and cost, for a tool that reports running totals over a whole
/// session and repeats them.
class TurnAccounts {
 public:
  /// A report: `total` since the session began, `last` of the newest request alone. The total counts; one
  /// that has shrunk was started anew, and `last` is what there is. Requests are priced one by one, because
  /// prices depend on their length.
  void report(const std::optional<Usage>& total, const std::optional<Usage>& last, std::string_view model,
              const PriceTable& prices);
  /// The same report in a copied history: it only says where the total stands.
  void skip_to(const std::optional<Usage>& total);

  struct Sum {
    Usage usage;
    model::OptionalDouble cost;  ///< absent: of at least one request it is not known
  };
  /// What came together since the last call; nothing when nothing did.
  std::optional<Sum> take();

 private:
  Usage total_;
  Usage turn_;
  double cost_ = 0;
  bool cost_known_ = true;
};

}  // namespace agentpipe::formats
