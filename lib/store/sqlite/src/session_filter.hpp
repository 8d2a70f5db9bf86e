#pragma once

#include <string>
#include <variant>
#include <vector>

#include "agentpipe/store/store.hpp"
#include "statement.hpp"

namespace agentpipe::store::sqlite {

/// The WHERE of a session list and the values for its parameters. What comes from outside is a parameter,
/// never SQL.
class SessionFilter {
 public:
  explicit SessionFilter(const SessionQuery& query);

  /// " WHERE …" over `sessions s`, or nothing.
  [[nodiscard]] const std::string& where() const { return where_; }
  void bind(Binder& binder) const;

 private:
  using Value = std::variant<std::int64_t, double, std::string, base::Timestamp>;

  void add(const std::string& condition);
  template <class T>
  void any_of(const std::string& before, const std::vector<T>& wanted, const std::string& after);
  template <class T>
  void bound(const char* condition, const std::optional<T>& limit);
  void text(const std::string& text);

  std::string where_;
  std::vector<Value> values_;
};

/// "s.started_at DESC,s.pk DESC"
std::string order_of(const SessionQuery& query);

}  // namespace agentpipe::store::sqlite
