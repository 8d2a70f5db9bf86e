#pragma once

#include <optional>
#include <string>

#include "agentpipe/base/result.hpp"
#include "agentpipe/service/query.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// Shows what is stored, as the JSON of the HTTP interface (product.md section 4). Parameters are validated
/// here; an error names the parameter. Reads the disk: not for a network loop. Thread-safe.
class Sessions {
 public:
  explicit Sessions(store::Store& store) : store_(store) {}

  /// page or cursor, limit, status, source, mode, agentType, model, machine, search, startDate, endDate,
  /// min/maxCost, min/maxTokens, sort, order
  base::Result<std::string> list(const Query& query);
  /// The values to filter by, with their counts.
  base::Result<std::string> facets();
  /// includeMessages, messageLimit
  base::Result<std::string> show(const std::string& id, const Query& query);
  /// limit, cursor, after_seq, before_seq, around, order
  /// With `until` only what the log held up to there.
  base::Result<std::string> messages(const std::string& id, const Query& query,
                                     std::optional<store::LogNumber> until = {});
  /// after_seq, limit
  base::Result<std::string> outline(const std::string& id, const Query& query);
  /// q, limit
  base::Result<std::string> find(const std::string& id, const Query& query);
  base::Result<std::string> notes(const std::string& id);

  /// The reads of the existing web server. page, pageSize or limit, and the filters of list()
  base::Result<std::string> conversations(const Query& query);
  /// With its messages, the first 10,000.
  base::Result<std::string> conversation(const std::string& id);
  /// page, limit
  base::Result<std::string> conversation_messages(const std::string& id, const Query& query);
  /// limit, status
  base::Result<std::string> recent_messages(const Query& query);

 private:
  [[nodiscard]] std::string stream_cursor(store::LogNumber as_of) const;

  store::Store& store_;
};

}  // namespace agentpipe::service
