#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/service/query.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// Finds sessions by what was said in them, as the JSON of the HTTP interface. A search is given up in the
/// middle after a time; its cursor goes on from there. Reads the disk. Thread-safe.
class Search {
 public:
  Search(store::Store& store, const base::Clock& clock) : store_(store), clock_(clock) {}

  /// q, limit, cursor, order (newest, rank) and the filters of GET /api/sessions. With `type` (agents,
  /// models) the existing server's lists.
  base::Result<std::string> run(const Query& query);
  /// The existing server's search: `{"query","filters":{…},"page","limit","sort","order"}`; the query stands
  /// literally in a prompt, a name or a message.
  base::Result<std::string> run(std::string_view body);

 private:
  base::Result<std::string> list_values(std::string_view type);

  store::Store& store_;
  const base::Clock& clock_;
};

}  // namespace agentpipe::service
