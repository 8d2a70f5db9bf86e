#include "session_filter.hpp"

#include <array>
#include <type_traits>

namespace agentpipe::store::sqlite {

namespace {

// In the order of SessionSort.
constexpr std::array k_sort_columns = {
    "s.started_at",  "s.updated_at",         "s.cost", "s.tokens", "s.messages",
    "s.duration_ms", "s.name COLLATE NOCASE"};

/// A pattern for LIKE … ESCAPE '\' that finds the text anywhere, literally.
std::string containing(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace

SessionFilter::SessionFilter(const SessionQuery& query) {
  any_of("s.status IN (", query.status, ")");
  any_of("s.source IN (", query.source, ")");
  any_of("s.mode IN (", query.mode, ")");
  any_of("s.pk IN (SELECT session_pk FROM participants WHERE agent_type IN (", query.agent_type, "))");
  any_of("s.pk IN (SELECT session_pk FROM participants WHERE model IN (", query.model, "))");
  text(query.text);
  bound("s.started_at>=?", query.from);
  bound("s.started_at<=?", query.until);
  bound("s.cost>=?", query.min_cost);
  bound("s.cost<=?", query.max_cost);
  bound("s.tokens>=?", query.min_tokens);
  bound("s.tokens<=?", query.max_tokens);
}

void SessionFilter::bind(Binder& binder) const {
  for (const Value& value : values_) std::visit([&](const auto& v) { binder(v); }, value);
}

void SessionFilter::add(const std::string& condition) {
  where_ += where_.empty() ? " WHERE " : " AND ";
  where_ += condition;
}

template <class T>
void SessionFilter::any_of(const std::string& before, const std::vector<T>& wanted,
                           const std::string& after) {
  if (wanted.empty()) return;
  std::string list;
  for (const T& value : wanted) {
    list += list.empty() ? "?" : ",?";
    if constexpr (std::is_enum_v<T>) {
      values_.emplace_back(static_cast<std::int64_t>(value));
    } else {
      values_.emplace_back(value);
    }
  }
  add(before + list + after);
}

template <class T>
void SessionFilter::bound(const char* condition, const std::optional<T>& limit) {
  if (!limit) return;
  add(condition);
  values_.emplace_back(*limit);
}

void SessionFilter::text(const std::string& text) {
  if (text.empty()) return;
  add("(s.name LIKE ? ESCAPE '\\' OR s.pk IN (SELECT pk FROM session_details WHERE initial_prompt LIKE ? "
      "ESCAPE "
      "'\\'))");
  values_.emplace_back(containing(text));
  values_.emplace_back(containing(text));
}

std::string order_of(const SessionQuery& query) {
  const std::string direction = query.direction == Direction::descending ? " DESC" : " ASC";
  return k_sort_columns[static_cast<std::size_t>(query.sort)] + direction + ",s.pk" + direction;
}

}  // namespace agentpipe::store::sqlite
