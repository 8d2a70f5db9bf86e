#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agentpipe/store/store.hpp"
#include "database.hpp"
#include "tags.hpp"

namespace agentpipe::store::sql {

/// SQL text and the values of its parameters. What comes from outside is a parameter, never SQL.
class Clause {
 public:
  using Value = std::variant<std::int64_t, double, std::string, base::Timestamp>;

  Clause& add(std::string_view sql) {
    sql_ += sql;
    return *this;
  }
  Clause& add(std::string_view sql, Value value) {
    values_.push_back(std::move(value));
    return add(sql);
  }
  /// "?,?" for so many values.
  Clause& list(const std::vector<std::string>& values);
  Clause& add(const Clause& other);

  [[nodiscard]] bool empty() const { return sql_.empty(); }
  [[nodiscard]] const std::string& sql() const { return sql_; }
  void bind(Binder& binder) const;

 private:
  std::string sql_;
  std::vector<Value> values_;
};

/// Which sessions a query wants. Sessions with the rarest single tag are gone through in the order of the
/// list and the other conditions are probed, so that a page costs what it shows.
class SessionFilter {
 public:
  static base::Result<SessionFilter> plan(Database& database, const SessionQuery& query);

  /// "FROM … WHERE …" with the alias `s` for sessions.
  [[nodiscard]] Clause rows() const;
  /// The query's place in the list, or "TRUE".
  [[nodiscard]] Clause behind(const SessionQuery& query) const;
  /// What the list is sorted by, as SQL.
  [[nodiscard]] std::string column(SessionSort sort) const;
  /// "… DESC,… DESC"
  [[nodiscard]] std::string order(const SessionQuery& query) const;
  /// Of all pages; from the running counts where they tell.
  base::Result<std::int64_t> count(Database& database) const;
  /// Is the session among those wanted?
  base::Result<bool> matches(Database& database, std::int64_t session_pk) const;

 private:
  [[nodiscard]] Clause conditions() const;
  [[nodiscard]] const char* outer() const { return driver_ ? "t" : "s"; }

  const Dialect* dialect_ = nullptr;
  std::optional<Wanted> driver_;
  std::vector<Wanted> others_;
  Clause times_;   // over started_at of driver or session
  Clause fields_;  // over s
};

}  // namespace agentpipe::store::sql
