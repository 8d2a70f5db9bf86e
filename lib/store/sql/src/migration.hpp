#pragma once

#include <string_view>

namespace agentpipe::store::sql {

/// A step of the schema: the n-th leads from version n - 1 to n.
struct Migration {
  std::string_view name;  // "0001_initial"
  std::string_view sql;
};

}  // namespace agentpipe::store::sql
