#include "session_removal.hpp"

#include <array>

namespace agentpipe::store::sql {

namespace {

// What hangs on the session's row goes with it. The log has no index by session: its rows are found by the
// messages and by the fingerprints.
constexpr std::array k_removals = {
    "DELETE FROM events WHERE n IN (SELECT n FROM messages WHERE session_pk=?)",
    "DELETE FROM events WHERE session_pk=? AND dedup IS NOT NULL",
    "DELETE FROM sessions WHERE pk=?",
};

}  // namespace

base::Result<void> remove_session(Database& database, std::int64_t session_pk, const std::string& id,
                                  model::LogNumber deletion) {
  if (auto done = database.dialect().unindex_session(database, session_pk); !done) return done;
  for (const char* removal : k_removals) {
    if (auto done = database.statement(removal).run(session_pk); !done) return done;
  }
  return database
      .statement(
          "INSERT INTO tombstones(id,n,replaced) VALUES(?,?,0) ON CONFLICT(id) DO UPDATE SET n=excluded.n,"
          "replaced=0")
      .run(id, deletion);
}

base::Result<void> free_id(Database& database, const std::string& id) {
  return database.statement("UPDATE tombstones SET replaced=1 WHERE id=?").run(id);
}

base::Result<void> refuse_deleted(Database& database, const std::string& id) {
  bool deleted = false;
  auto done = database.statement("SELECT 1 FROM tombstones WHERE id=? AND replaced=0")
                  .query([&](Columns&) { deleted = true; }, id);
  if (!done || !deleted) return done;
  return base::failure_at("data.conversation_id", base::ErrorCode::gone,
                          "Conversation " + id + " was deleted on this server; send new work under a new id.",
                          "gone");
}

base::Result<model::LogNumber> deletion_of(Database& database, const std::string& id) {
  model::LogNumber number = 0;
  auto done = database.statement("SELECT n FROM tombstones WHERE id=?")
                  .query([&](Columns& columns) { columns(number); }, id);
  if (!done) return base::forward(done);
  return number;
}

}  // namespace agentpipe::store::sql
