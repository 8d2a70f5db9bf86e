#pragma once

#include <functional>
#include <string_view>
#include <variant>

#include "agentpipe/base/result.hpp"
#include "agentpipe/service/reply.hpp"
#include "agentpipe/store/batch.hpp"

namespace agentpipe::service {

/// What a batch's headers say about its records, as received; see store::Batch.
struct BatchHead {
  std::string_view source_id;  ///< X-AgentPipe-Source
  std::string_view first;      ///< X-AgentPipe-First
  std::string_view missing;    ///< X-AgentPipe-Missing; empty: 0
};

/// 200 with its body, or the record that is expected instead.
using BatchReply = std::variant<Reply, store::Gap>;
/// Called once, on any thread, after the commit.
using BatchReplyDone = std::function<void(base::Result<BatchReply>)>;

/// Reads a batch: one event a line. A line that is no event becomes its error; `invalid` and `too_large` are
/// about the batch as a whole.
base::Result<store::Batch> read_batch(const BatchHead& head, std::string_view body, base::Timestamp received);

/// `{"acked_n","duplicates","rejected":[{"n","code","reason"}]}`
std::string batch_json(const store::Taken& taken);

}  // namespace agentpipe::service
