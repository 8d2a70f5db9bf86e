#include "session_filter.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace agentpipe::store::sql {

namespace {

// In the order of SessionSort. The duration is the one that is shown, `totalDuration`
// (model/records_json.cpp).
constexpr std::array k_sort_columns = {
    "started_at",
    "s.updated_at",
    "COALESCE(s.cost,-1)",
    "s.tokens",
    "s.messages",
    "COALESCE((SELECT d.reported_duration_ms FROM session_details d WHERE d.pk=s.pk),"
    "CASE WHEN COALESCE(s.completed_at,s.last_event_at)>s.started_at "
    "THEN COALESCE(s.completed_at,s.last_event_at)-s.started_at ELSE 0 END)",
    "lower(s.name)",
};

/// A pattern for Dialect::like … ESCAPE '\' that finds the text anywhere, literally.
std::string containing(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

std::vector<Wanted> wanted_of(const SessionQuery& query) {
  std::vector<std::string> statuses;
  for (const model::Status status : query.status)
    statuses.push_back(std::to_string(static_cast<int>(status)));
  std::vector<Wanted> wanted = {{Tag::status, statuses},   {Tag::source, query.source},
                                {Tag::mode, query.mode},   {Tag::agent_type, query.agent_type},
                                {Tag::model, query.model}, {Tag::machine, query.machine}};
  std::erase_if(wanted, [](const Wanted& one) { return one.values.empty(); });
  for (auto& [kind, values] : wanted) {  // counts of values are added up: each once
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }
  return wanted;
}

template <class T>
void bound(Clause& clause, const char* condition, const std::optional<T>& limit) {
  if (limit) clause.add(std::string(" AND ") + condition, Clause::Value(*limit));
}

Clause fields_of(const Dialect& dialect, const SessionQuery& query) {
  Clause clause;
  if (!query.text.empty()) {
    const std::string pattern = containing(query.text);
    const std::string is_like = " " + std::string(dialect.like) + " ? ESCAPE '\\'";
    clause.add(" AND (s.name" + is_like, pattern);
    clause.add(" OR s.pk IN (SELECT pk FROM session_details WHERE initial_prompt" + is_like + "))", pattern);
  }
  bound(clause, "s.cost>=?", query.min_cost);
  bound(clause, "s.cost<=?", query.max_cost);
  bound(clause, "s.tokens>=?", query.min_tokens);
  bound(clause, "s.tokens<=?", query.max_tokens);
  bound(clause, "s.errors>=?", query.min_errors);
  bound(clause, "s.pk IN (SELECT pk FROM session_details WHERE parent_conversation_id=?)", query.parent);
  return clause;
}

}  // namespace

Clause& Clause::list(const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) add(i == 0 ? "?" : ",?", values[i]);
  return *this;
}

Clause& Clause::add(const Clause& other) {
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
  return add(other.sql_);
}

void Clause::bind(Binder& binder) const {
  for (const Value& value : values_) std::visit([&](const auto& v) { binder(v); }, value);
}

base::Result<SessionFilter> SessionFilter::plan(Database& database, const SessionQuery& query) {
  SessionFilter filter;
  filter.others_ = wanted_of(query);
  filter.dialect_ = &database.dialect();
  filter.fields_ = fields_of(*filter.dialect_, query);
  std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
  auto rarest = filter.others_.end();
  for (auto one = filter.others_.begin(); one != filter.others_.end(); ++one) {
    if (one->values.size() != 1) continue;
    auto count = count_tagged(database, one->kind, one->values);
    if (!count) return base::forward(count);
    if (*count < fewest) fewest = *count, rarest = one;
  }
  if (rarest != filter.others_.end()) {
    filter.driver_ = std::move(*rarest);
    filter.others_.erase(rarest);
  }
  const std::string started = std::string(filter.outer()) + ".started_at";
  bound(filter.times_, (started + ">=?").c_str(), query.from);
  bound(filter.times_, (started + "<=?").c_str(), query.until);
  return filter;
}

Clause SessionFilter::conditions() const {
  Clause clause;
  if (driver_) {
    clause.add(" AND t.kind=?", static_cast<std::int64_t>(driver_->kind));
    clause.add(" AND t.value=?", driver_->values.front());
  }
  const std::string at = outer();
  const std::string pk = at + (driver_ ? ".session_pk" : ".pk");
  const std::string same = ") AND x.started_at=" + at + ".started_at AND x.session_pk=" + pk + ")";
  for (const Wanted& one : others_) {
    clause.add(" AND EXISTS(SELECT 1 FROM tags x WHERE x.kind=? AND x.value IN (",
               static_cast<std::int64_t>(one.kind));
    clause.list(one.values);
    clause.add(same);
  }
  return clause.add(times_);
}

Clause SessionFilter::rows() const {
  Clause clause;
  if (driver_)
    clause.add("FROM tags t " + std::string(dialect_->ordered_join) +
               " sessions s ON s.pk=t.session_pk WHERE TRUE");
  else
    clause.add("FROM sessions s WHERE TRUE");
  return clause.add(conditions()).add(fields_);
}

std::string SessionFilter::column(SessionSort sort) const {
  const std::string name = k_sort_columns[static_cast<std::size_t>(sort)];
  return sort == SessionSort::started ? outer() + ("." + name) : name;
}

Clause SessionFilter::behind(const SessionQuery& query) const {
  Clause clause;
  if (!query.after) return clause.add(" AND TRUE");
  const char* comparison = query.direction == Direction::descending ? "<" : ">";
  clause.add(" AND (" + column(query.sort) + (driver_ ? ",t.session_pk)" : ",s.pk)") + comparison);
  std::visit([&](const auto& value) { clause.add("(?", value); }, query.after->value);
  return clause.add(",?)", query.after->number);
}

std::string SessionFilter::order(const SessionQuery& query) const {
  const std::string direction = query.direction == Direction::descending ? " DESC" : " ASC";
  return column(query.sort) + direction + (driver_ ? ",t.session_pk" : ",s.pk") + direction;
}

base::Result<std::int64_t> SessionFilter::count(Database& database) const {
  if (times_.empty() && fields_.empty()) {
    if (!driver_ && others_.empty()) return count_tagged(database, Tag::all, {""});
    if (driver_ && others_.empty()) return count_tagged(database, driver_->kind, driver_->values);
    const bool apart = !driver_ && others_.size() == 1 && !is_plural(others_.front().kind);
    if (apart) return count_tagged(database, others_.front().kind, others_.front().values);
  }
  Clause clause;
  const bool tags_tell = driver_ && fields_.empty();
  clause.add("SELECT count(*) ");
  clause.add(tags_tell ? Clause().add("FROM tags t WHERE TRUE").add(conditions()) : rows());
  std::int64_t total = 0;
  auto done =
      database.statement(clause.sql())
          .bind_and_run([&](Binder& bind) { clause.bind(bind); }, [&](Columns& columns) { columns(total); });
  if (!done) return base::forward(done);
  return total;
}

base::Result<bool> SessionFilter::matches(Database& database, std::int64_t session_pk) const {
  Clause clause;
  clause.add("SELECT 1 ").add(rows()).add(driver_ ? " AND t.session_pk=?" : " AND s.pk=?", session_pk);
  if (driver_) {
    clause.add(" AND t.started_at=(SELECT started_at FROM sessions WHERE pk=?)", session_pk);
  }
  bool found = false;
  auto done = database.statement(clause.sql())
                  .bind_and_run([&](Binder& bind) { clause.bind(bind); }, [&](Columns&) { found = true; });
  if (!done) return base::forward(done);
  return found;
}

}  // namespace agentpipe::store::sql
