#include <utility>

#include "recorder.hpp"

namespace agentpipe::store::sql {

namespace {

/// Did the sender mean this stored agent? What it left out cannot contradict.
bool same_agent(const model::MessageCreated& told, const model::MessageCreated& kept) {
  if (!told.agent_id.empty()) return told.agent_id == kept.agent_id;
  return told.agent_type == kept.agent_type && (!told.agent_name || told.agent_name == kept.agent_name);
}

/// What a tool gave back is told in full here and shortened there; the id names its call.
bool same_message(const model::MessageCreated& told, const model::MessageCreated& kept) {
  if (told.role == "tool" && kept.role == "tool") return true;
  return told.content == kept.content && told.role == kept.role && same_agent(told, kept);
}

/// `kept` with what `told` says of its use.
model::MessageCreated with_accounts_of(const model::MessageCreated& told, model::MessageCreated kept) {
  kept.tokens_used = told.tokens_used;
  kept.input_tokens = told.input_tokens;
  kept.output_tokens = told.output_tokens;
  kept.cache_read_tokens = told.cache_read_tokens;
  kept.cache_write_tokens = told.cache_write_tokens;
  kept.reasoning_tokens = told.reasoning_tokens;
  if (told.cost) {
    kept.cost = told.cost;
    kept.cost_kind = told.cost_kind;
  }
  if (!kept.model) kept.model = told.model;
  return kept;
}

}  // namespace

base::Result<Stored> Recorder::record_again(SessionState& session, const AgentMatch& match,
                                            const model::MessageCreated& told, Contradiction contradiction) {
  Kept kept;
  auto& m = kept.message;
  auto done =
      database_
          .statement(
              "SELECT n,at,content,role,agent_id,agent_type,agent_name,tokens_used,input_tokens,"
              "output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens,cost,cost_kind,model,"
              "duration_ms FROM messages WHERE session_pk=? AND message_id=?")
          .query(
              [&](Columns& columns) {
                columns(kept.number);
                columns(kept.at);
                columns(m.content);
                columns(m.role);
                columns(m.agent_id);
                columns(m.agent_type);
                columns(m.agent_name);
                columns(m.tokens_used);
                columns(m.input_tokens);
                columns(m.output_tokens);
                columns(m.cache_read_tokens);
                columns(m.cache_write_tokens);
                columns(m.reasoning_tokens);
                columns(m.cost);
                columns(m.cost_kind);
                columns(m.model);
                columns(m.duration_ms);
              },
              session.pk, told.message_id);
  if (!done) return base::forward(done);
  if (!same_message(told, m)) {
    if (contradiction == Contradiction::keep_stored)
      return Stored{Outcome::differing, kept.number, told.conversation_id, told.message_id};
    return base::failure_at(
        "data.message_id", base::ErrorCode::conflict,
        "Message " + told.message_id + " of conversation " + told.conversation_id +
            " is stored already with other content, role or agent; give a new message its own id.",
        "message_conflict");
  }
  // Some tools print an answer before they know what it used, and write that into their files: the larger
  // account is the later one.
  if (tokens_of(told) > tokens_of(m)) {
    if (auto accounted = account_again(session, match, kept, told); !accounted)
      return base::forward(accounted);
  }
  return Stored{Outcome::duplicate, kept.number, told.conversation_id, told.message_id};
}

base::Result<void> Recorder::account_again(SessionState& session, const AgentMatch& match, const Kept& kept,
                                           const model::MessageCreated& told) {
  const auto& before = kept.message;
  const auto now = with_accounts_of(told, before);
  auto done =
      database_
          .statement(
              "UPDATE messages SET tokens_used=?,input_tokens=?,output_tokens=?,cache_read_tokens=?,"
              "cache_write_tokens=?,reasoning_tokens=?,cost=?,cost_kind=?,model=? WHERE n=?")
          .run(now.tokens_used, now.input_tokens, now.output_tokens, now.cache_read_tokens,
               now.cache_write_tokens, now.reasoning_tokens, now.cost, now.cost_kind, now.model, kept.number);
  if (!done) return done;
  cache_.touch(session);
  count(session.totals, before, Sign::take_away);
  count(session.totals, now, Sign::add);
  rollups_.count(kept.at, session.source, before, Sign::take_away);
  rollups_.count(kept.at, session.source, now, Sign::add);
  return sessions_.note_agent(session, match, now, {});
}

}  // namespace agentpipe::store::sql
