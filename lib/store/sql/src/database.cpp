#include "database.hpp"

namespace agentpipe::store::sql {

bool is_broken(const base::Error& error) {
  return error.reason == k_broken || error.reason == k_not_a_database;
}

bool is_callers_fault(const base::Error& error) {
  return error.code == base::ErrorCode::conflict || error.code == base::ErrorCode::not_found ||
         error.code == base::ErrorCode::invalid || error.code == base::ErrorCode::gone;
}

base::Result<std::int64_t> Database::number(std::string_view sql) {
  std::int64_t result = 0;
  Statement statement(connection(), std::string(sql));
  auto done = statement.query([&](Columns& columns) { columns(result); });
  if (!done) return base::forward(done);
  return result;
}

Statement& Database::statement(const std::string& sql) {
  constexpr std::size_t k_most = 100;  // filters come in many combinations
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  if (statements_.size() >= k_most) statements_.clear();
  return statements_.emplace(sql, Statement(connection(), sql)).first->second;
}

}  // namespace agentpipe::store::sql
