#pragma once

#include <string>

#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/delivery/salvage.hpp"
#include "stream_sink.hpp"

namespace agentpipe::cli {

/// How a stream ended.
struct StreamEnd {
  StreamTally tally;
  delivery::DeliveryState state;
  std::uint64_t dropped = 0;             ///< never accepted: the spool was full
  std::uint64_t too_large = 0;           ///< never accepted: no spool takes them; dead letters
  std::uint64_t lost = 0;                ///< accepted and waiting, but not on the disk
  delivery::SalvageCounts earlier = {};  ///< what earlier runs had left
  std::string base_url;
  std::string disk_trouble{};  ///< why the spool's disk takes nothing; empty when it does
  std::string remedy;          ///< what brings a lost rest to the server
  std::string letters{};       ///< the source that keeps how unreadable input begins; empty: there is none
  enum class Input : unsigned char { complete, cut_off } input = Input::complete;
};

/// Every accepted event has one fate: delivered, withheld, refused, kept in the spool, or lost with this
/// process.
bool accounted(const StreamEnd& end);

/// One line that says everything, without LF: what was delivered, where it is to be seen, what was not.
std::string summary(const StreamEnd& end);

/// Product.md section 1; what is worst decides.
ExitCode exit_code(const StreamEnd& end);

/// The one calm line when the server is in trouble, without LF; empty when this change is no news.
std::string warning(const delivery::DeliveryState& state, const std::string& base_url);

}  // namespace agentpipe::cli
