#include "statement.hpp"

namespace agentpipe::store::sql {

base::Result<void> Statement::prepare() {
  if (statement_) return {};
  auto made = connection_->prepare(sql_);
  if (!made) return base::forward(made);
  statement_ = std::move(*made);
  return {};
}

}  // namespace agentpipe::store::sql
