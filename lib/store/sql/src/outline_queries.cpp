#include <string>

#include "agentpipe/base/literal.hpp"
#include "agentpipe/base/saturate.hpp"
#include "queries.hpp"

namespace agentpipe::store::sql {

namespace {

constexpr const char* k_outline =
    "SELECT sequence,message_id,agent_id,COALESCE(agent_name,agent_type),agent_type,role,at,"
    "tokens_used,input_tokens,output_tokens,cost,duration_ms,"
    "substr(content,1,80),EXISTS(SELECT 1 FROM events e WHERE e.session_pk=m.session_pk AND e.dedup IS NOT "
    "NULL AND e.type='conversation.error' AND e.after_sequence=m.sequence) "
    "FROM messages m WHERE session_pk=? AND sequence>? ORDER BY sequence,n LIMIT ?";

/// A session without errors, which is nearly every one, is not asked for them at each message.
constexpr const char* k_outline_without_errors =
    "SELECT sequence,message_id,agent_id,COALESCE(agent_name,agent_type),agent_type,role,at,"
    "tokens_used,input_tokens,output_tokens,cost,duration_ms,"
    "substr(content,1,80),0 FROM messages m WHERE session_pk=? AND sequence>? ORDER BY sequence,n LIMIT ?";

/// What the message says, or what it took and gave.
model::OptionalInt tokens_in(Columns& columns) {
  const auto used = columns.take<model::OptionalInt>();
  const auto input = columns.take<model::OptionalInt>();
  const auto output = columns.take<model::OptionalInt>();
  if (used || (!input && !output)) return used;
  std::int64_t sum = input.value_or(0);
  base::add_saturated(sum, output.value_or(0));
  return sum;
}

void read_item(Columns& columns, OutlineItem& item) {
  columns(item.sequence);
  columns(item.message_id);
  columns(item.agent_id);
  columns(item.agent_name);
  columns(item.agent_type);
  columns(item.role);
  columns(item.at);
  item.tokens = tokens_in(columns);
  columns(item.cost);
  columns(item.duration_ms);
  columns(item.head);
  columns(item.error);
}

base::Result<bool> has_errors(Database& database, std::int64_t session_pk) {
  bool found = false;
  auto done = database.statement("SELECT errors>0 FROM sessions WHERE pk=?")
                  .query([&](Columns& columns) { columns(found); }, session_pk);
  if (!done) return base::forward(done);
  return found;
}

}  // namespace

base::Result<Outline> read_outline(Database& database, const OutlineQuery& query) {
  auto session = find_session(database, query.session_id);
  if (!session) return base::forward(session);
  auto errors = has_errors(database, session->pk);
  if (!errors) return base::forward(errors);
  Outline outline;
  outline.total = session->messages;
  auto done = database.statement(*errors ? k_outline : k_outline_without_errors)
                  .query([&](Columns& columns) { read_item(columns, outline.items.emplace_back()); },
                         session->pk, query.after_sequence, query.limit);
  if (!done) return base::forward(done);
  return outline;
}

base::Result<Findings> find_in_session(Database& database, const std::string& session_id,
                                       const std::string& text, std::int64_t limit) {
  auto session = find_session(database, session_id);
  if (!session) return base::forward(session);
  constexpr std::size_t k_counted = 1000;  // in one message
  const base::Literal literal(text);
  Findings findings;
  auto done =
      database
          .statement(
              "SELECT sequence,message_id,content FROM messages WHERE session_pk=? ORDER BY sequence,n")
          .query(
              [&](Columns& columns) {
                Finding finding;
                columns(finding.sequence);
                columns(finding.message_id);
                const auto content = base::fold_case(columns.take<std::string>());
                finding.count = static_cast<std::int64_t>(literal.places(content, k_counted).size());
                if (finding.count == 0 || ++findings.total > limit) return;
                findings.hits.push_back(std::move(finding));
              },
              session->pk);
  if (!done) return base::forward(done);
  return findings;
}

}  // namespace agentpipe::store::sql
