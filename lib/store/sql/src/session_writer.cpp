#include "session_writer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "participant_rows.hpp"
#include "session_removal.hpp"

namespace agentpipe::store::sql {

namespace {

const char* name_of(Source source) {
  return source == Source::cli_upload ? "cli-upload" : "cli-stream";
}

model::OptionalInt milliseconds(model::OptionalDouble seconds) {
  if (!seconds) return {};
  return static_cast<std::int64_t>(std::llround(std::min(*seconds, 9e12) * 1000));
}

/// Empty counts as missing.
std::optional<std::string_view> filled(const std::string& text) {
  if (text.empty()) return {};
  return text;
}

}  // namespace

base::Result<SessionState*> SessionWriter::open(const std::string& id, base::Timestamp at,
                                                base::Timestamp received, Source source) {
  auto known = cache_.find(id);
  if (!known || *known != nullptr) return known;
  if (auto alive = refuse_deleted(database_, id); !alive) return base::forward(alive);
  SessionState state;
  state.source = name_of(source);
  state.updated_at = received;
  state.last_event_at = at;
  auto done = database_
                  .statement(
                      "INSERT INTO sessions(id,source,started_at,created_at,updated_at,last_event_at) "
                      "VALUES(?,?,?,?,?,?) RETURNING pk")
                  .query([&](Columns& columns) { columns(state.pk); }, id, name_of(source), at, received,
                         received, at);
  if (done) done = database_.statement("INSERT INTO session_details(pk) VALUES(?)").run(state.pk);
  if (!done) return base::forward(done);
  return &cache_.add(id, std::move(state));
}

base::Result<void> SessionWriter::apply(SessionState& session, const model::ConversationStarted& started,
                                        base::Timestamp at) {
  auto done =
      database_
          .statement(
              "UPDATE sessions SET name=CASE WHEN name='' THEN COALESCE(?1,'') ELSE name END,"
              "mode=CASE WHEN mode='' THEN ?2 ELSE mode END,"
              "started_at=CASE WHEN placeholder=1 THEN ?3 ELSE started_at END,placeholder=0 WHERE pk=?4")
          .run(started.name, started.mode, at, session.pk);
  if (!done) return done;
  done =
      database_
          .statement(
              "UPDATE session_details SET initial_prompt=COALESCE(initial_prompt,?),"
              "max_turns=COALESCE(max_turns,?),source_format=COALESCE(source_format,?),machine=COALESCE("
              "machine,?),"
              "cwd=COALESCE(cwd,?),git_branch=COALESCE(git_branch,?),"
              "parent_conversation_id=COALESCE(parent_conversation_id,?),system_info=COALESCE(system_info,?),"
              "command=COALESCE(command,?),metadata=COALESCE(metadata,?) WHERE pk=?")
          .run(filled(started.initial_prompt), started.max_turns, started.source_format, started.machine,
               started.cwd, started.git_branch, started.parent_conversation_id, started.system_info,
               started.command, started.metadata, session.pk);
  if (!done) return done;
  session.placeholder = false;
  return merge(session, started.participants);
}

base::Result<void> SessionWriter::merge(SessionState& session, const std::vector<model::Participant>& told) {
  if (told.empty()) return {};
  auto known = read_participants(database_, session.pk);
  if (!known) return base::forward(known);
  const std::vector<model::Participant> merged = merge_participants(*known, told);
  if (merged == *known) return {};
  auto agents = std::make_shared<std::vector<KnownAgent>>();
  for (const model::Participant& participant : merged) agents->push_back(known_agent(participant));
  session.agents = std::move(agents);
  if (auto done = name_early_messages(session.pk, merged); !done) return done;
  return replace_participants(database_, session.pk, merged);
}

/// Messages that came before their agent's name was known go by the agent's type so far.
base::Result<void> SessionWriter::name_early_messages(std::int64_t session_pk,
                                                      const std::vector<model::Participant>& participants) {
  for (const model::Participant& participant : participants) {
    if (!participant.name) continue;
    auto done = database_
                    .statement(
                        "UPDATE messages SET agent_name=? WHERE session_pk=? AND agent_id=? AND "
                        "agent_name=agent_type")
                    .run(*participant.name, session_pk, participant.agent_id);
    if (!done) return done;
  }
  return {};
}

base::Result<void> SessionWriter::apply(SessionState& session, const model::ConversationCompleted& completed,
                                        base::Timestamp at, LogNumber number) {
  auto done = database_.statement("UPDATE sessions SET status=?,inferred=0,completed_at=? WHERE pk=?")
                  .run(static_cast<std::int64_t>(completed.status), at, session.pk);
  if (!done) return done;
  session.presumed_over = false;
  const auto summary_n = completed.summary ? std::optional(number) : std::nullopt;
  return database_
      .statement(
          "UPDATE session_details SET reported_messages=COALESCE(?,reported_messages),"
          "reported_turns=COALESCE(?,reported_turns),reported_tokens=COALESCE(?,reported_tokens),"
          "reported_cost=COALESCE(?,reported_cost),reported_duration_ms=COALESCE(?,reported_duration_ms),"
          "summary_n=COALESCE(?,summary_n) WHERE pk=?")
      .run(completed.total_messages, completed.total_turns, completed.total_tokens, completed.total_cost,
           milliseconds(completed.duration_seconds), summary_n, session.pk);
}

base::Result<void> SessionWriter::apply(SessionState& session, const model::ConversationError& error) {
  ++session.totals.errors;
  return database_.statement("UPDATE session_details SET error_message=? WHERE pk=?")
      .run(error.error_message, session.pk);
}

base::Result<void> SessionWriter::apply(SessionState& session, const model::ConversationUpdated& updated) {
  if (updated.name) {
    auto done = database_.statement("UPDATE sessions SET name=? WHERE pk=?").run(*updated.name, session.pk);
    if (!done) return done;
  }
  return database_
      .statement(
          "UPDATE session_details SET git_branch=COALESCE(?,git_branch),"
          "reported_messages=COALESCE(?,reported_messages),reported_tokens=COALESCE(?,reported_tokens),"
          "reported_cost=COALESCE(?,reported_cost) WHERE pk=?")
      .run(updated.git_branch, updated.total_messages, updated.total_tokens, updated.total_cost, session.pk);
}

base::Result<void> SessionWriter::presume(SessionState& session, model::Status status) {
  session.presumed_over = status != model::Status::active;
  return database_.statement("UPDATE sessions SET status=?,inferred=? WHERE pk=?")
      .run(static_cast<std::int64_t>(status), session.presumed_over, session.pk);
}

base::Result<void> SessionWriter::note_agent(SessionState& session, const AgentMatch& match,
                                             const model::MessageCreated& message,
                                             const model::OptionalText& name) {
  if (match.known != nullptr && (match.known->has_model || !message.model)) return {};
  auto agents = std::make_shared<std::vector<KnownAgent>>(*session.agents);
  base::Result<void> done;
  if (match.known == nullptr) {
    const model::Participant joined = participant_of(message, match.agent_id, name);
    done = add_participant(database_, session.pk, static_cast<std::int64_t>(agents->size()), joined);
    agents->push_back(known_agent(joined));
  } else {
    const auto place = static_cast<std::size_t>(match.known - session.agents->data());
    (*agents)[place].has_model = true;
    done = set_participant_model(database_, session.pk, match.agent_id, *message.model);
  }
  session.agents = std::move(agents);
  return done;
}

}  // namespace agentpipe::store::sql
