#include <string>

#include "connection.hpp"
#include "search_indexer.hpp"
#include "search_plan.hpp"

namespace agentpipe::store::sqlite {

namespace {

/// sum() fails when the sum is too large; total() does not, and the cast ends at the top.
std::string sum_of(std::string_view column) {
  return "CAST(total(" + std::string(column) + ") AS INTEGER)";
}

}  // namespace

// CROSS JOIN: SQLite keeps the order of the two.
const sql::Dialect& dialect() {
  static constexpr sql::Dialect k_dialect{
      .like = "LIKE",
      .ordered_join = "CROSS JOIN",
      .sum_of = sum_of,
      .bytes = "SELECT page_count*page_size FROM pragma_page_count,pragma_page_size",
      .indexed_to = search_watermark,
      .look_up = look_up,
      .unindex_session = unindex_session};
  return k_dialect;
}

}  // namespace agentpipe::store::sqlite
