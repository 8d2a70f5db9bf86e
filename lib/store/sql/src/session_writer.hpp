#pragma once

#include <string>

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"
#include "session_cache.hpp"

namespace agentpipe::store::sql {

/// Carries the facts that an event tells about its session over to the session's rows. The counters that move
/// with every message are the cache's. The writer's thread only.
class SessionWriter {
 public:
  SessionWriter(Database& database, SessionCache& cache) : database_(database), cache_(cache) {}

  /// The session of that id; an empty one, ACTIVE since `at`, when none of its events came before.
  base::Result<SessionState*> open(const std::string& id, base::Timestamp at, base::Timestamp received,
                                   Source source);

  /// Fills in what is missing; the state must have been touched, here and below.
  base::Result<void> apply(SessionState& session, const model::ConversationStarted& started,
                           base::Timestamp at);
  base::Result<void> apply(SessionState& session, const model::ConversationCompleted& completed,
                           base::Timestamp at, LogNumber number);
  base::Result<void> apply(SessionState& session, const model::ConversationError& error);
  base::Result<void> apply(SessionState& session, const model::ConversationUpdated& updated);
  /// What silence, or an event behind it, says about the status.
  base::Result<void> presume(SessionState& session, model::Status status);
  /// The agent of a message: joins the participants when it is new, under the name that the sender told, and
  /// gets its model when nobody did tell it.
  base::Result<void> note_agent(SessionState& session, const AgentMatch& match,
                                const model::MessageCreated& message, const model::OptionalText& name);

 private:
  base::Result<void> merge(SessionState& session, const std::vector<model::Participant>& told);
  base::Result<void> name_early_messages(std::int64_t session_pk,
                                         const std::vector<model::Participant>& participants);

  Database& database_;
  SessionCache& cache_;
};

}  // namespace agentpipe::store::sql
