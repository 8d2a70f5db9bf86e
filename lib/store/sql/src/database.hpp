#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agentpipe/base/result.hpp"
#include "connection.hpp"
#include "statement.hpp"

namespace agentpipe::store::sql {

/// A connection with the statements that were prepared on it. One thread at a time.
class Database {
 public:
  explicit Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

  [[nodiscard]] Connection& connection() const { return *connection_; }
  [[nodiscard]] const Dialect& dialect() const { return connection_->dialect(); }
  /// Any number of statements whose rows nobody wants.
  base::Result<void> execute(const std::string& sql) { return connection_->execute(sql); }
  /// The first column of the first row; 0 when there is none.
  base::Result<std::int64_t> number(std::string_view sql);
  /// The statement for that text, prepared before if it was asked for before. Valid until the next call.
  Statement& statement(const std::string& sql);

 private:
  std::unique_ptr<Connection> connection_;
  std::unordered_map<std::string, Statement> statements_;  // after connection_: goes first
};

}  // namespace agentpipe::store::sql
