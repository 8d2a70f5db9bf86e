#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "queries.hpp"
#include "search_text.hpp"
#include "session_filter.hpp"

namespace agentpipe::store::sql {

namespace {

constexpr LogNumber k_read_first = 1000;  // texts; 3 ms
constexpr std::size_t k_shown_matches = 3;
constexpr std::int64_t k_counted_hits = 100;  // of one session; what it holds beyond is passed over
constexpr std::int64_t k_first_portion = 64;
constexpr std::int64_t k_largest_portion = 4096;
constexpr std::size_t k_ranked_hits = 2000;  // among the newest of them the best are chosen

/// One text that may hold what is looked for.
struct Candidate {
  std::int64_t session_pk = 0;
  std::string text, folded;
  SearchMatch match;
};

struct Group {
  std::int64_t session_pk = 0;
  std::int64_t hits = 0;
  std::size_t weight = 0;
  std::vector<SearchMatch> matches;
};

// What events told, beside what is known of their sessions now.
constexpr const char* k_facts =
    "SELECT s.pk,e.at,e.type,e.data,s.name,COALESCE(d.initial_prompt,'') FROM events e JOIN sessions s ON "
    "s.pk=e.session_pk JOIN session_details d ON d.pk=s.pk WHERE e.type IN "
    "('conversation.started','conversation.updated') AND ";

struct FactField {
  MatchField field;
  std::string Facts::*of;
};
constexpr std::array k_fact_fields{FactField{MatchField::name, &Facts::name},
                                   FactField{MatchField::prompt, &Facts::prompt}};

/// Of a row of k_facts, behind the session.
void read_facts(Columns& columns, base::Timestamp& at, Facts& told, Facts& now) {
  columns(at);
  const auto type = columns.take<std::string>();
  told = facts_told(type, at, columns.take<model::OptionalText>());
  columns(now.name);
  columns(now.prompt);
}

/// Goes through candidates, newest first, and gathers those that hold, by session.
class Search {
 public:
  Search(Database& database, const SearchQuery& query, SessionFilter filter)
      : database_(database), query_(query), filter_(std::move(filter)), terms_(query.text) {}

  base::Result<SearchPage> run();

 private:
  base::Result<Rows> look_at(LogNumber number);
  base::Result<bool> passed_over(LogNumber number);
  base::Result<void> pass_over(std::int64_t session_pk, LogNumber number);
  base::Result<bool> read_message(LogNumber number, Candidate& candidate);
  base::Result<bool> read_fact(LogNumber number, Candidate& candidate);
  [[nodiscard]] bool holds(const std::string& told, const std::string& now) const {
    return terms_.in(base::fold_case(told)) && terms_.in(base::fold_case(now));
  }
  [[nodiscard]] bool out_of_time() const { return query_.time_is_up && query_.time_is_up(); }
  base::Result<bool> wanted(std::int64_t session_pk);
  base::Result<bool> shown_before(std::int64_t session_pk);
  Rows gather(Candidate candidate, LogNumber number);
  base::Result<void> go_through(const LookUp& numbers, LogNumber from, LogNumber to);
  base::Result<std::vector<LogNumber>> portion(const LookUp& numbers, LogNumber from, LogNumber to,
                                               std::int64_t limit);
  base::Result<SearchPage> finish();

  Database& database_;
  const SearchQuery& query_;
  SessionFilter filter_;
  SearchTerms terms_;
  std::vector<Group> groups_;
  std::unordered_map<std::int64_t, bool> wanted_;
  std::set<std::pair<std::int64_t, MatchField>> told_;  // names and prompts that are counted
  std::unordered_set<std::int64_t> counted_;            // sessions with all the hits that are counted
  LogNumber to_ = 0;                                    // candidates above are dealt with
  std::size_t hits_ = 0;
  std::optional<LogNumber> next_;
  bool full_ = false;  // no more candidates are wanted
};

base::Result<bool> Search::read_message(LogNumber number, Candidate& candidate) {
  SearchMatch& match = candidate.match;
  auto done = database_
                  .statement(
                      "SELECT session_pk,content,message_id,sequence,COALESCE(agent_name,agent_type),at FROM "
                      "messages "
                      "WHERE n=?")
                  .query(
                      [&](Columns& columns) {
                        columns(candidate.session_pk);
                        columns(candidate.text);
                        columns(match.message_id);
                        columns(match.sequence);
                        columns(match.agent_name);
                        columns(match.at);
                      },
                      number);
  if (!done) return base::forward(done);
  if (candidate.session_pk == 0) return false;
  candidate.folded = base::fold_case(candidate.text);
  return terms_.in(candidate.folded);
}

/// Of what an event told about a session, that counts which still holds, and once.
base::Result<bool> Search::read_fact(LogNumber number, Candidate& candidate) {
  Facts told, now;
  auto done = database_.statement(std::string(k_facts) + "e.n=?")
                  .query(
                      [&](Columns& columns) {
                        columns(candidate.session_pk);
                        read_facts(columns, candidate.match.at, told, now);
                      },
                      number);
  if (!done) return base::forward(done);
  for (const auto& [field, of] : k_fact_fields) {
    if (!holds(told.*of, now.*of) || !told_.emplace(candidate.session_pk, field).second) continue;
    candidate.match.field = field;
    candidate.text = now.*of;
    candidate.folded = base::fold_case(candidate.text);
    return true;
  }
  return false;
}

base::Result<bool> Search::wanted(std::int64_t session_pk) {
  if (const auto known = wanted_.find(session_pk); known != wanted_.end()) return known->second;
  auto matches = filter_.matches(database_, session_pk);
  if (!matches) return matches;
  if (*matches && query_.before != 0) {
    auto before = shown_before(session_pk);
    if (!before) return before;
    *matches = !*before;
  }
  wanted_.emplace(session_pk, *matches);
  return matches;
}

/// A session with a newer hit stands on an earlier page. Where the time does not suffice to tell, it counts
/// as one that does not: better that it comes twice than not at all.
base::Result<bool> Search::shown_before(std::int64_t session_pk) {
  bool found = false;
  const auto look = [&](bool holds) {
    found = holds;
    return found || out_of_time() ? Rows::enough : Rows::more;
  };
  auto done = database_.statement(std::string(k_facts) + "e.session_pk=? AND e.dedup IS NOT NULL AND e.n>=?")
                  .query(
                      [&](Columns& columns) {
                        base::Timestamp at;
                        Facts told, now;
                        columns.take<std::int64_t>();
                        read_facts(columns, at, told, now);
                        return look(std::ranges::any_of(k_fact_fields, [&](const FactField& row) {
                          return holds(told.*row.of, now.*row.of);
                        }));
                      },
                      session_pk, query_.before);
  if (done && !found)
    done = database_.statement("SELECT content FROM messages WHERE session_pk=? AND n>=?")
               .query(
                   [&](Columns& columns) {
                     return look(terms_.in(base::fold_case(columns.take<std::string>())));
                   },
                   session_pk, query_.before);
  if (!done) return base::forward(done);
  return found;
}

Rows Search::gather(Candidate candidate, LogNumber number) {
  auto group = std::ranges::find(groups_, candidate.session_pk, &Group::session_pk);
  if (group == groups_.end()) {
    const bool full = static_cast<std::int64_t>(groups_.size()) >= query_.limit;
    if (full && query_.order == SearchOrder::newest) {
      next_ = number + 1;
      return Rows::enough;
    }
    group = groups_.insert(groups_.end(), Group{candidate.session_pk, 0, 0, {}});
  }
  if (++group->hits == k_counted_hits) counted_.insert(candidate.session_pk);
  const std::size_t weight = candidate.match.field == MatchField::message ? 1 : 5;
  group->weight = std::max(group->weight, weight * terms_.count(candidate.folded));
  if (group->matches.size() < k_shown_matches) {
    terms_.excerpt(candidate.text, candidate.folded, candidate.match);
    group->matches.push_back(std::move(candidate.match));
  }
  const bool enough = query_.order == SearchOrder::rank && ++hits_ >= k_ranked_hits;
  return enough ? Rows::enough : Rows::more;
}

// A frequent word may stand in every message of a long session. Only its session is asked of such a number,
// and the neighbours of the same session are left out in one step.
base::Result<bool> Search::passed_over(LogNumber number) {
  if (counted_.empty()) return false;
  std::int64_t session_pk = 0;
  auto done = database_.statement("SELECT session_pk FROM events WHERE n=?")
                  .query([&](Columns& columns) { columns(session_pk); }, number);
  if (!done) return base::forward(done);
  if (!counted_.contains(session_pk)) return false;
  if (auto passed = pass_over(session_pk, number); !passed) return base::forward(passed);
  return true;
}

base::Result<void> Search::pass_over(std::int64_t session_pk, LogNumber number) {
  to_ = 0;
  return database_
      .statement(
          "SELECT n FROM events WHERE n<? AND (session_pk IS NULL OR session_pk<>?) ORDER BY n DESC LIMIT 1")
      .query([&](Columns& columns) { columns(to_); }, number, session_pk);
}

base::Result<Rows> Search::look_at(LogNumber number) {
  if (out_of_time()) {
    next_ = number + 1;
    return Rows::enough;
  }
  to_ = number - 1;
  auto passed = passed_over(number);
  if (!passed) return base::forward(passed);
  if (*passed) return Rows::more;
  Candidate candidate;
  auto holds = read_message(number, candidate);
  if (holds && candidate.session_pk == 0) holds = read_fact(number, candidate);
  if (holds && *holds) holds = wanted(candidate.session_pk);
  if (!holds) return base::forward(holds);
  return *holds ? gather(std::move(candidate), number) : Rows::more;
}

base::Result<std::vector<LogNumber>> Search::portion(const LookUp& numbers, LogNumber from, LogNumber to,
                                                     std::int64_t limit) {
  std::vector<LogNumber> found;
  auto done = database_.statement(numbers.sql)
                  .bind_and_run(
                      [&](Binder& bind) {
                        for (const std::string& value : numbers.values) bind(value);
                        bind(from);
                        bind(to);
                        bind(limit);
                      },
                      [&](Columns& columns) { columns(found.emplace_back()); });
  if (!done) return base::forward(done);
  return found;
}

/// Looks at the numbers that the statement gives, from high to low, until the page is full. Most pages are
/// full soon, so the portions begin small.
base::Result<void> Search::go_through(const LookUp& numbers, LogNumber from, LogNumber to) {
  to_ = to;
  for (std::int64_t limit = k_first_portion; from <= to_; limit = std::min(limit * 4, k_largest_portion)) {
    auto found = portion(numbers, from, to_, limit);
    if (!found) return base::forward(found);
    for (const LogNumber number : *found) {
      if (number > to_) continue;
      auto rows = look_at(number);
      if (!rows) return base::forward(rows);
      if (*rows == Rows::enough) {
        full_ = true;
        return {};
      }
    }
    if (static_cast<std::int64_t>(found->size()) < limit) return {};
  }
  return {};
}

base::Result<SearchPage> Search::run() {
  const LookUp scan{
      "SELECT n FROM events WHERE n BETWEEN ? AND ? AND type IN "
      "('message.created','conversation.started','conversation.updated') ORDER BY n DESC LIMIT ?",
      {}};
  auto reached = database_.dialect().indexed_to(database_);
  if (!reached) return base::forward(reached);
  auto look_up = database_.dialect().look_up(database_, query_.text);
  if (!look_up) return base::forward(look_up);
  const LogNumber last = query_.before > 0 ? query_.before - 1 : std::numeric_limits<LogNumber>::max();
  // Read what the index does not know yet, and a little more: what is frequent stands in there, and its lists
  // in the index are long. Then ask the index.
  const LogNumber read_from = std::max<LogNumber>(std::min(last, *reached) - k_read_first, 0) + 1;
  auto done = go_through(scan, read_from, last);
  if (done && !full_) done = go_through(*look_up ? **look_up : scan, 1, std::min(read_from - 1, to_));
  if (!done) return base::forward(done);
  return finish();
}

base::Result<SearchPage> Search::finish() {
  if (query_.order == SearchOrder::rank) {
    next_.reset();
    std::ranges::stable_sort(groups_, std::greater{}, &Group::weight);
    if (static_cast<std::int64_t>(groups_.size()) > query_.limit)
      groups_.resize(static_cast<std::size_t>(query_.limit));
  }
  SearchPage page;
  page.next = next_;
  for (Group& group : groups_) {
    auto session = read_session_by_key(database_, group.session_pk);
    if (!session) return base::forward(session);
    page.results.push_back({std::move(*session), group.hits, std::move(group.matches)});
  }
  return page;
}

}  // namespace

base::Result<SearchPage> search_sessions(Database& database, const SearchQuery& query) {
  auto filter = SessionFilter::plan(database, query.sessions);
  if (!filter) return base::forward(filter);
  return Search(database, query, std::move(*filter)).run();
}

}  // namespace agentpipe::store::sql
