#include "session_removal.hpp"

#include <array>

#include "search_indexer.hpp"

namespace agentpipe::store::sqlite {

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
  if (auto done = unindex_session(database, session_pk); !done) return done;
  for (const char* removal : k_removals) {
    if (auto done = database.statement(removal).run(session_pk); !done) return done;
  }
  return database.statement("INSERT INTO tombstones(id,n) VALUES(?,?)").run(id, deletion);
}

base::Result<void> refuse_deleted(Database& database, const std::string& id) {
  auto deletion = deletion_of(database, id);
  if (!deletion) return base::forward(deletion);
  if (*deletion == 0) return {};
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

}  // namespace agentpipe::store::sqlite
