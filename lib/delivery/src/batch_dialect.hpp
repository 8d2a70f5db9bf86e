#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/delivery/capabilities.hpp"
#include "agentpipe/delivery/spool.hpp"
#include "agentpipe/delivery/transport.hpp"
#include "packer.hpp"

/// Many records a request, for servers of ours: each carries the number it has in its spool, and the server
/// remembers how far it has come.
namespace agentpipe::delivery {

inline constexpr std::string_view k_batch = "batch";  ///< the capability

/// Where the spool and the server stand.
struct BatchPlace {
  std::string source_id;
  std::optional<RecordNumber> expected;  ///< by the server; nothing before its first answer
};

/// Only the first of consecutive numbers: a batch cannot have holes.
void cut_at_hole(std::vector<Record>& records);

/// Makes requests; one stays valid until the next.
class BatchRequests {
 public:
  /// `records`: consecutive, at least one.
  Request make(const std::vector<Record>& records, const BatchPlace& place, const Capabilities& capabilities);

 private:
  std::string body_;
  Packer packer_;
};

}  // namespace agentpipe::delivery
