#include <string>
#include <utility>
#include <vector>

#include "recorder.hpp"

namespace agentpipe::store::sql {

namespace {

// Of ACTIVE sessions there are few: the tag finds them.
constexpr const char* k_silent =
    "SELECT s.id FROM tags t JOIN sessions s ON s.pk=t.session_pk "
    "WHERE t.kind=1 AND t.value='0' AND s.updated_at<? LIMIT ?";

base::Result<std::vector<std::string>> silent_sessions(Database& database, const Silence& silence) {
  std::vector<std::string> ids;
  auto done = database.statement(k_silent).query(
      [&](Columns& columns) { ids.push_back(columns.take<std::string>()); }, silence.heard_since,
      silence.limit);
  if (!done) return base::forward(done);
  return ids;
}

model::Event presumption(const std::string& id, model::Status status, base::Timestamp now) {
  model::ConversationUpdated told;
  told.conversation_id = id;
  told.status = model::to_string(status);
  told.extra.text = R"({"inferred":true})";
  return {now, std::move(told)};
}

}  // namespace

base::Result<std::size_t> Recorder::record_silence(const Silence& silence) {
  auto ids = silent_sessions(database_, silence);
  if (!ids) return base::forward(ids);
  begin_request();
  std::size_t count = 0;
  for (const std::string& id : *ids) {
    auto session = cache_.find(id);
    if (!session) return base::forward(session);
    // The cache knows of events whose transaction this one shares.
    if ((*session)->updated_at >= silence.heard_since) continue;
    if (auto done = presume(**session, id, model::Status::interrupted, silence.now); !done)
      return base::forward(done);
    ++count;
  }
  return count;
}

base::Result<void> Recorder::presume(SessionState& session, const std::string& id, model::Status status,
                                     base::Timestamp now) {
  model::Event event = presumption(id, status, now);
  cache_.touch(session);
  if (auto done = sessions_.presume(session, status); !done) return done;
  const Place place{last_ + 1, session.pk, now};
  auto added = events_.add(place, event, {});
  if (!added) return base::forward(added);
  if (*added) logged(Outcome::recorded, event);
  return {};
}

base::Result<Stored> Recorder::logged_as_life(SessionState& session, Outcome outcome, model::Event& event,
                                              const Context& context) {
  const Stored stored = logged(outcome, event);
  if (!session.presumed_over) return stored;
  auto done = presume(session, stored.conversation_id, model::Status::active, context.received);
  if (!done) return base::forward(done);
  return stored;
}

}  // namespace agentpipe::store::sql
