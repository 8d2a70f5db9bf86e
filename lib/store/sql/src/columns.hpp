#pragma once

#include "agentpipe/model/event.hpp"

/// Which fields lie in which columns, told once for writing and reading: each list names the columns in the
/// order in which its function visits the fields.
namespace agentpipe::store::sql {

#define AGENTPIPE_MESSAGE_COLUMNS                                                                         \
  "message_id,agent_id,agent_type,agent_name,agent_version,role,content,turn_number,tokens_used,input_"   \
  "tokens,"                                                                                               \
  "output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens,cost,cost_kind,model,duration_ms," \
  "parent_message_id,machine,parts,metadata,client,extra"

/// All but the conversation's id and the sequence number, which have columns of another kind.
template <class Message, class Visit>
void each_message_field(Message& m, Visit&& visit) {
  visit(m.message_id);
  visit(m.agent_id);
  visit(m.agent_type);
  visit(m.agent_name);
  visit(m.agent_version);
  visit(m.role);
  visit(m.content);
  visit(m.turn_number);
  visit(m.tokens_used);
  visit(m.input_tokens);
  visit(m.output_tokens);
  visit(m.cache_read_tokens);
  visit(m.cache_write_tokens);
  visit(m.reasoning_tokens);
  visit(m.cost);
  visit(m.cost_kind);
  visit(m.model);
  visit(m.duration_ms);
  visit(m.parent_message_id);
  visit(m.machine);
  visit(m.parts);
  visit(m.metadata);
  visit(m.client);
  visit(m.extra);
}

#define AGENTPIPE_PARTICIPANT_COLUMNS \
  "agent_id,agent_type,agent_version,model,name,prompt,cli_version,announcement,settings,extra"

template <class Participant, class Visit>
void each_participant_field(Participant& p, Visit&& visit) {
  visit(p.agent_id);
  visit(p.agent_type);
  visit(p.agent_version);
  visit(p.model);
  visit(p.name);
  visit(p.prompt);
  visit(p.cli_version);
  visit(p.announcement);
  visit(p.settings);
  visit(p.extra);
}

#define AGENTPIPE_TOTAL_COLUMNS                                                                            \
  "messages,tokens,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens,cost," \
  "duration_ms,errors"

template <class Totals, class Visit>
void each_total(Totals& t, Visit&& visit) {
  visit(t.messages);
  visit(t.tokens);
  visit(t.input_tokens);
  visit(t.output_tokens);
  visit(t.cache_read_tokens);
  visit(t.cache_write_tokens);
  visit(t.reasoning_tokens);
  visit(t.cost);
  visit(t.duration_ms);
  visit(t.errors);
}

}  // namespace agentpipe::store::sql
