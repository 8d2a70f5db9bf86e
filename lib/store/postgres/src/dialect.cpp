#include <string>

#include "pg_connection.hpp"
#include "search.hpp"

namespace agentpipe::store::postgres {

namespace {

/// The sum of whole numbers is as large as it needs to be; the result ends at the top.
std::string sum_of(std::string_view column) {
  return "CAST(LEAST(COALESCE(sum(" + std::string(column) + "),0),9223372036854775807) AS BIGINT)";
}

}  // namespace

const sql::Dialect& dialect() {
  static constexpr sql::Dialect k_dialect{.like = "ILIKE",
                                          .ordered_join = "JOIN",
                                          .sum_of = sum_of,
                                          .bytes = "SELECT pg_database_size(current_database())",
                                          .indexed_to = indexed_to,
                                          .look_up = look_up,
                                          .unindex_session = unindex_session};
  return k_dialect;
}

}  // namespace agentpipe::store::postgres
