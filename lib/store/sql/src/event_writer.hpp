#pragma once

#include <cstdint>
#include <optional>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/logged.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// Where in the log an event goes and what it belongs to.
struct Place {
  model::LogNumber number = 0;
  std::optional<std::int64_t> session_pk;
  base::Timestamp received;
};

/// Adds rows to the log. Each function answers whether a row was added: false, when the session has it
/// already. The writer's thread only.
class EventWriter {
 public:
  explicit EventWriter(Database& database);

  base::Result<bool> add_message(const Place& place, base::Timestamp at,
                                 const model::MessageCreated& message);
  /// Any other event. `after_sequence` for notes.
  base::Result<bool> add(const Place& place, const model::Event& event,
                         std::optional<std::int64_t> after_sequence);

 private:
  Statement message_, row_of_message_, other_;
};

}  // namespace agentpipe::store::sql
