#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// Changes stored sessions. Each change is an event of the log, so every live stream sees it. Waits for the
/// commit: not for a network loop. Thread-safe.
class Manage {
 public:
  Manage(store::Store& store, const base::Clock& clock) : store_(store), clock_(clock) {}

  /// `{"name"}`, 1 to 200 characters. Answers with the session.
  base::Result<std::string> rename(const std::string& id, std::string_view body);
  /// `not_found` when it is not there.
  base::Result<std::string> remove(const std::string& id);
  /// `{"ids"}`, at most 1000, all in one transaction.
  base::Result<std::string> remove_many(std::string_view body);

 private:
  base::Result<store::Appended> append(std::vector<model::Event> events);

  store::Store& store_;
  const base::Clock& clock_;
};

}  // namespace agentpipe::service
