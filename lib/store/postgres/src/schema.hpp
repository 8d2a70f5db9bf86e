#pragma once

#include <span>
#include <string_view>

namespace agentpipe::store::postgres {

struct Migration {
  std::string_view name;  // "0001_initial"
  std::string_view sql;
};

/// schema/postgres in order: the n-th leads from version n - 1 to n.
std::span<const Migration> migrations();

}  // namespace agentpipe::store::postgres
