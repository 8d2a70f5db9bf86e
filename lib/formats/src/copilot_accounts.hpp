#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent_session.hpp"
#include "agentpipe/formats/prices.hpp"
#include "agentpipe/formats/usage.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::copilot {

/// The vendor's name of a model: Copilot writes "claude-sonnet-4.5".
std::string model_name(std::string_view name);

/// Older versions' answers tell their output alone; everything else is in the accounts that each run of a
/// session ends with. Newer ones write a record of each request. These count on over all runs, older ones
/// began anew with each; a compaction begins anew, too.
class Accounts {
 public:
  /// Of one model, over several requests.
  struct Sum {
    std::string model;
    std::int64_t requests = 0;
    Usage usage;
  };

  void answered(const Usage& usage) { told_ += usage; }
  void compacted();
  /// `metrics`: the modelMetrics of a shutdown. What came together since the one before, without what answers
  /// have told; models without any are left out.
  std::vector<Sum> close(const Node& metrics);

 private:
  struct Total {
    std::int64_t requests = 0;
    Usage usage;
  };
  Sum since_last(std::string_view model, const Node& metric);

  std::map<std::string, Total, std::less<>> totals_;  ///< at the last shutdown
  Usage told_;
};

/// `usage` of a request or of a model.
Usage usage_of(const Node& usage);

/// Such a sum as a message. What Copilot calls cost is a count of requests and no money, so it is priced
/// here.
AgentMessage told(const Accounts::Sum& sum, const PriceTable& prices);

}  // namespace agentpipe::formats::copilot
