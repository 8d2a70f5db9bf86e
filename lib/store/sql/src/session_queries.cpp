#include <string>
#include <unordered_map>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/codec.hpp"
#include "columns.hpp"
#include "participant_rows.hpp"
#include "queries.hpp"
#include "reader_pool.hpp"
#include "session_filter.hpp"

namespace agentpipe::store::sql {

namespace {

constexpr const char* k_columns =
    "SELECT "
    "s.pk,s.id,s.name,s.mode,s.status,s.inferred,s.source,s.started_at,s.completed_at,s.created_at,s.updated_"
    "at,"
    "s.last_event_at," AGENTPIPE_TOTAL_COLUMNS
    ",source_format,machine,initial_prompt,max_turns,error_message,system_info,command,metadata,cwd,git_"
    "branch,"
    "parent_conversation_id,reported_messages,reported_turns,reported_tokens,reported_cost,reported_duration_"
    "ms,"
    "e.at,e.data FROM sessions s JOIN session_details d ON d.pk=s.pk LEFT JOIN events e ON e.n=d.summary_n ";

struct Row {
  std::int64_t pk = 0;
  model::Session session;
};

/// The summary is kept once, in the event that brought it.
std::optional<model::Summary> summary_in(base::Timestamp at, const std::string& data) {
  auto event = model::decode_data("conversation.completed", at, data);
  if (!event) return {};
  return std::get<model::ConversationCompleted>(event->body).summary;
}

void read_details(Columns& columns, model::Session& session) {
  columns(session.source_format);
  columns(session.machine);
  columns(session.initial_prompt);
  columns(session.max_turns);
  columns(session.error_message);
  columns(session.system_info);
  columns(session.command);
  columns(session.metadata);
  columns(session.cwd);
  columns(session.git_branch);
  columns(session.parent_conversation_id);
  columns(session.reported.messages);
  columns(session.reported.turns);
  columns(session.reported.tokens);
  columns(session.reported.cost);
  columns(session.reported.duration_ms);
  const auto at = columns.take<base::Timestamp>();
  const auto data = columns.take<std::string>();
  if (!data.empty()) session.summary = summary_in(at, data);
}

void read_row(Columns& columns, Row& row) {
  model::Session& session = row.session;
  columns(row.pk);
  columns(session.id);
  columns(session.name);
  columns(session.mode);
  session.status = static_cast<model::Status>(columns.take<std::int64_t>());
  columns(session.status_inferred);
  columns(session.source);
  columns(session.started_at);
  columns(session.completed_at);
  columns(session.created_at);
  columns(session.updated_at);
  columns(session.last_event_at);
  each_total(session.totals, columns);
  read_details(columns, session);
}

/// One query for the whole page.
base::Result<void> read_participants_of(Database& database, std::vector<Row>& rows) {
  if (rows.empty()) return {};
  std::unordered_map<std::int64_t, model::Session*> sessions;
  std::string list;
  for (Row& row : rows) {
    sessions.emplace(row.pk, &row.session);
    list += (list.empty() ? "" : ",") + std::to_string(row.pk);
  }
  Statement read(database.connection(), "SELECT session_pk," AGENTPIPE_PARTICIPANT_COLUMNS
                                        " FROM participants WHERE session_pk IN (" +
                                            list + ") ORDER BY session_pk,ordinal");
  return read.query([&](Columns& columns) {
    model::Session& session = *sessions.at(columns.take<std::int64_t>());
    each_participant_field(session.participants.emplace_back(), columns);
  });
}

/// The page is found in the narrow tables first. One more than the page tells whether the list goes on.
base::Result<std::vector<SessionPlace>> find_page(Database& database, const SessionQuery& query,
                                                  const SessionFilter& filter) {
  Clause clause;
  clause.add("SELECT s.pk," + filter.column(query.sort) + " ").add(filter.rows()).add(filter.behind(query));
  clause.add(" ORDER BY " + filter.order(query));
  clause.add(" LIMIT ?", query.limit + 1).add(" OFFSET ?", query.offset);
  std::vector<SessionPlace> page;
  auto done = database.statement(clause.sql())
                  .bind_and_run([&](Binder& bind) { clause.bind(bind); },
                                [&](Columns& columns) {
                                  SessionPlace& place =
                                      page.emplace_back(SessionPlace{blank_value(query.sort)});
                                  columns(place.number);
                                  std::visit(columns, place.value);
                                });
  if (!done) return base::forward(done);
  return page;
}

base::Result<std::vector<Row>> read_rows(Database& database, const std::vector<SessionPlace>& page) {
  std::vector<Row> rows;
  Statement& read = database.statement(std::string(k_columns) + "WHERE s.pk=?");
  for (const SessionPlace& place : page) {
    auto done = read.query([&](Columns& columns) { read_row(columns, rows.emplace_back()); }, place.number);
    if (!done) return base::forward(done);
  }
  return rows;
}

}  // namespace

base::Result<SessionKey> find_session(Database& database, const std::string& id) {
  SessionKey key;
  auto done = database.statement("SELECT pk,messages FROM sessions WHERE id=?")
                  .query(
                      [&](Columns& columns) {
                        columns(key.pk);
                        columns(key.messages);
                      },
                      id);
  if (!done) return base::forward(done);
  if (key.pk == 0) return base::failure(base::ErrorCode::not_found, "There is no session " + id + ".");
  return key;
}

base::Result<SessionPage> read_sessions(Database& database, const SessionQuery& query) {
  SessionPage page;
  auto last = last_number_seen(database);
  if (!last) return base::forward(last);
  page.as_of = *last;
  auto filter = SessionFilter::plan(database, query);
  if (!filter) return base::forward(filter);
  auto total = filter->count(database);
  if (!total) return base::forward(total);
  page.total = *total;
  auto found = find_page(database, query, *filter);
  if (!found) return base::forward(found);
  auto rows = read_rows(database, *found);
  if (!rows) return base::forward(rows);
  if (static_cast<std::int64_t>(rows->size()) > query.limit) {
    rows->pop_back();
    page.next = (*found)[rows->size() - 1];
  }
  if (auto done = read_participants_of(database, *rows); !done) return base::forward(done);
  for (Row& row : *rows) page.sessions.push_back(std::move(row.session));
  return page;
}

base::Result<model::Session> read_session_by_key(Database& database, std::int64_t pk) {
  Row row;
  auto done = database.statement(std::string(k_columns) + "WHERE s.pk=?")
                  .query([&](Columns& columns) { read_row(columns, row); }, pk);
  if (!done) return base::forward(done);
  auto participants = read_participants(database, pk);
  if (!participants) return base::forward(participants);
  row.session.participants = std::move(*participants);
  return std::move(row.session);
}

base::Result<SessionDetail> read_session(Database& database, const std::string& id) {
  auto last = last_number_seen(database);
  if (!last) return base::forward(last);
  auto key = find_session(database, id);
  if (!key) return base::forward(key);
  auto session = read_session_by_key(database, key->pk);
  if (!session) return base::forward(session);
  return SessionDetail{std::move(*session), *last};
}

}  // namespace agentpipe::store::sql
