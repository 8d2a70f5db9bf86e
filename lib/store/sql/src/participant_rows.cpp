#include "participant_rows.hpp"

#include "columns.hpp"

namespace agentpipe::store::sql {

base::Result<std::vector<model::Participant>> read_participants(Database& database, std::int64_t session_pk) {
  std::vector<model::Participant> participants;
  auto done =
      database
          .statement("SELECT " AGENTPIPE_PARTICIPANT_COLUMNS
                     " FROM participants WHERE session_pk=? ORDER BY ordinal")
          .query([&](Columns& columns) { each_participant_field(participants.emplace_back(), columns); },
                 session_pk);
  if (!done) return base::forward(done);
  return participants;
}

base::Result<void> add_participant(Database& database, std::int64_t session_pk, std::int64_t ordinal,
                                   const model::Participant& participant) {
  return database
      .statement("INSERT INTO participants(session_pk,ordinal," AGENTPIPE_PARTICIPANT_COLUMNS
                 ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")
      .bind_and_run(
          [&](Binder& bind) {
            bind(session_pk);
            bind(ordinal);
            each_participant_field(participant, bind);
          },
          [](Columns&) {});
}

base::Result<void> replace_participants(Database& database, std::int64_t session_pk,
                                        const std::vector<model::Participant>& participants) {
  auto done = database.statement("DELETE FROM participants WHERE session_pk=?").run(session_pk);
  std::int64_t ordinal = 0;
  for (const model::Participant& participant : participants) {
    if (!done) break;
    done = add_participant(database, session_pk, ordinal++, participant);
  }
  return done;
}

base::Result<void> set_participant_model(Database& database, std::int64_t session_pk,
                                         const std::string& agent_id, const std::string& model) {
  return database.statement("UPDATE participants SET model=? WHERE session_pk=? AND agent_id=?")
      .run(model, session_pk, agent_id);
}

}  // namespace agentpipe::store::sql
