#include "search.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "agentpipe/base/utf8.hpp"
#include "database.hpp"
#include "reader_pool.hpp"

namespace agentpipe::store::postgres {

namespace {

/// A pattern for ILIKE … ESCAPE '\' (under the collation C, which knows the case of ASCII letters only).
std::string pattern_of(std::string_view term) {
  std::string pattern = "%";
  while (!term.empty()) {
    const std::size_t length = std::max<std::size_t>(base::utf8_length(term), 1);
    const char first = term.front();
    if (length > 1) {
      pattern += '_';
    } else {
      if (first == '%' || first == '_' || first == '\\') pattern += '\\';
      pattern += first;
    }
    term.remove_prefix(length);
  }
  return pattern + "%";
}

/// "column ILIKE ?1 … AND column ILIKE ?2 …"
std::string all_in(const std::string& column, std::size_t terms) {
  std::string sql;
  for (std::size_t i = 1; i <= terms; ++i)
    sql += (i == 1 ? "" : " AND ") + column + " ILIKE ?" + std::to_string(i) + " ESCAPE '\\'";
  return sql;
}

}  // namespace

base::Result<model::LogNumber> indexed_to(sql::Database& database) {
  return sql::last_number_seen(database);
}

base::Result<std::optional<sql::LookUp>> look_up(sql::Database&, const SearchText& text) {
  std::vector<std::string> patterns;
  for (const std::string& term : text.terms) patterns.push_back(pattern_of(term));
  const std::size_t terms = patterns.size();
  const std::string from = "?" + std::to_string(terms + 1);
  const std::string to = "?" + std::to_string(terms + 2);
  const std::string limit = "?" + std::to_string(terms + 3);
  const std::string between = "n BETWEEN " + from + " AND " + to + " AND ";
  const std::string last = " ORDER BY n DESC LIMIT " + limit;
  return std::optional(sql::LookUp{
      "SELECT n FROM ((SELECT n FROM messages WHERE " + between + all_in("content", terms) + last +
          ") UNION ALL (SELECT e.n FROM events e JOIN sessions s ON s.pk=e.session_pk JOIN session_details d "
          "ON "
          "d.pk=s.pk WHERE e." +
          between + "e.type IN ('conversation.started','conversation.updated') AND ((" +
          all_in("s.name", terms) + ") OR (" + all_in("d.initial_prompt", terms) +
          ")) ORDER BY e.n DESC LIMIT " + limit + ")) AS found" + last,
      std::move(patterns)});
}

base::Result<void> unindex_session(sql::Database&, std::int64_t) {
  return {};
}

}  // namespace agentpipe::store::postgres
