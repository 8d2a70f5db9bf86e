#pragma once

#include "database.hpp"

namespace agentpipe::store::sql {

/// What an engine wants done around the writer's transactions, on the writer's thread and connection.
class Upkeep {
 public:
  virtual ~Upkeep() = default;

  /// Between two transactions.
  virtual void between(Database&) {}
  /// Behind the last one of a server that stops in order.
  virtual void at_end(Database&) {}
};

}  // namespace agentpipe::store::sql
