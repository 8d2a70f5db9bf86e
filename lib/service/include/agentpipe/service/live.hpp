#pragma once

#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/model/logged.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// The stored log behind the live streams. replay() reads the disk: not for a network loop. Thread-safe.
class Live {
 public:
  explicit Live(store::Store& store) : store_(store) {}

  [[nodiscard]] const std::string& epoch() const { return store_.epoch(); }
  [[nodiscard]] model::LogNumber last_number() const { return store_.last_number(); }
  /// Committed events behind `after` up to and including `until`, at most `limit`; of one session unless
  /// `session_id` is empty. Fewer is not the end; an empty answer is.
  base::Result<std::vector<model::Logged>> replay(model::LogNumber after, model::LogNumber until,
                                                  const std::string& session_id, std::int64_t limit) {
    return store_.log({after, until, session_id, limit});
  }

 private:
  store::Store& store_;
};

}  // namespace agentpipe::service
