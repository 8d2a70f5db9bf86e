#include <algorithm>
#include <string>

#include "columns.hpp"
#include "queries.hpp"
#include "reader_pool.hpp"

namespace agentpipe::store::sql {

namespace {

void bind_place(Binder& bind, const MessagePlace& place) {
  bind(place.sequence);
  bind(place.number);
}

MessagePlace place_of(const model::Message& message) {
  return {message.sequence, message.log_number};
}

std::string select(const MessageQuery& query) {
  std::string sql = "SELECT n,sequence,at," AGENTPIPE_MESSAGE_COLUMNS " FROM messages WHERE session_pk=?";
  if (query.after) sql += " AND (sequence,n)>(?,?)";
  if (query.before) sql += " AND (sequence,n)<(?,?)";
  const bool ascending = query.direction == Direction::ascending;
  return sql + (ascending ? " ORDER BY sequence,n LIMIT ?" : " ORDER BY sequence DESC,n DESC LIMIT ?");
}

void read_message(Columns& columns, model::Message& message) {
  columns(message.log_number);
  columns(message.sequence);
  columns(message.at);
  each_message_field(message.body, columns);
  message.body.sequence_number = message.sequence;
}

base::Result<std::vector<model::Message>> read_page(Database& database, std::int64_t session_pk,
                                                    const MessageQuery& query) {
  std::vector<model::Message> messages;
  std::size_t bytes = 0;
  const auto bind_all = [&](Binder& bind) {
    bind(session_pk);
    if (query.after) bind_place(bind, *query.after);
    if (query.before) bind_place(bind, *query.before);
    bind(query.limit);
  };
  const auto take = [&](Columns& columns) {
    model::Message& message = messages.emplace_back();
    read_message(columns, message);
    message.body.conversation_id = query.session_id;
    bytes += message.body.content.size() + message.body.parts.text.size() + message.body.metadata.text.size();
    return bytes < k_page_bytes ? Rows::more : Rows::enough;
  };
  if (auto done = database.statement(select(query)).bind_and_run(bind_all, take); !done)
    return base::forward(done);
  if (query.direction == Direction::descending) std::reverse(messages.begin(), messages.end());
  return messages;
}

/// Is there a message on that side of the place? `comparison` is one of < <= > >=.
base::Result<bool> any(Database& database, std::int64_t session_pk, const char* comparison,
                       const MessagePlace& place) {
  std::int64_t found = 0;
  auto done =
      database
          .statement(std::string("SELECT EXISTS(SELECT 1 FROM messages WHERE session_pk=? AND (sequence,n)") +
                     comparison + "(?,?))")
          .query([&](Columns& columns) { columns(found); }, session_pk, place.sequence, place.number);
  if (!done) return base::forward(done);
  return found != 0;
}

/// What lies beside the page; of an empty one, beyond the bounds that were asked for.
base::Result<void> look_around(Database& database, std::int64_t session_pk, const MessageQuery& query,
                               MessagePage& page) {
  const bool empty = page.messages.empty();
  const auto first = empty ? query.after : std::optional(place_of(page.messages.front()));
  const auto last = empty ? query.before : std::optional(place_of(page.messages.back()));
  if (first) {
    auto before = any(database, session_pk, empty ? "<=" : "<", *first);
    if (!before) return base::forward(before);
    page.more_before = *before;
  }
  if (last) {
    auto after = any(database, session_pk, empty ? ">=" : ">", *last);
    if (!after) return base::forward(after);
    page.more_after = *after;
  }
  return {};
}

}  // namespace

base::Result<MessagePage> read_messages(Database& database, const MessageQuery& query) {
  MessagePage page;
  auto last = last_number_seen(database);
  if (!last) return base::forward(last);
  page.as_of = *last;
  auto session = find_session(database, query.session_id);
  if (!session) return base::forward(session);
  page.total = session->messages;
  auto messages = read_page(database, session->pk, query);
  if (!messages) return base::forward(messages);
  page.messages = std::move(*messages);
  if (auto looked = look_around(database, session->pk, query, page); !looked) return base::forward(looked);
  return page;
}

}  // namespace agentpipe::store::sql
