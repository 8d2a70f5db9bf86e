#include <algorithm>
#include <limits>
#include <string>

#include "agentpipe/model/codec.hpp"
#include "columns.hpp"
#include "queries.hpp"
#include "session_removal.hpp"

namespace agentpipe::store::sql {

namespace {

constexpr const char* k_select =
    "SELECT e.n,e.type,e.at,e.data,(SELECT id FROM sessions WHERE "
    "pk=e.session_pk),m.sequence," AGENTPIPE_MESSAGE_COLUMNS
    " FROM events e LEFT JOIN messages m ON m.n=e.n WHERE ";

// Without an index of its own, which every message would pay for: a session's messages come from the index of
// their places, its other events from that of the fingerprints.
constexpr const char* k_of_session =
    "e.n IN (SELECT n FROM (SELECT n FROM messages WHERE session_pk=?1 AND n>?2 AND n<=?3 UNION ALL "
    "SELECT n FROM events WHERE session_pk=?1 AND dedup IS NOT NULL AND n>?2 AND n<=?3) AS own ORDER BY n "
    "LIMIT ?4) "
    "ORDER BY e.n";

constexpr const char* k_of_all = "e.n>? AND e.n<=? ORDER BY e.n LIMIT ?";

base::Error unreadable(LogNumber number, const base::Error& why) {
  return {base::ErrorCode::internal,
          "Event " + std::to_string(number) + " of the log cannot be read.",
          why.message + why.detail,
          {},
          {}};
}

/// Reads log rows as k_select tells them; the first that cannot be read ends the work.
class LogReader {
 public:
  Rows operator()(Columns& columns) {
    model::Logged& logged = read_.emplace_back();
    columns(logged.number);
    columns(type_);
    columns(logged.event.at);
    columns(data_);
    columns(session_);
    const auto decoded = data_ ? decode(logged) : read_message(columns, logged);
    if (!decoded) error_ = unreadable(logged.number, decoded.error());
    return decoded && bytes_ < k_page_bytes ? Rows::more : Rows::enough;
  }

  base::Result<std::vector<model::Logged>> finish(const base::Result<void>& done) {
    if (!done) return base::forward(done);
    if (error_) return tl::unexpected<base::Error>(*error_);
    return std::move(read_);
  }

 private:
  base::Result<void> decode(model::Logged& logged) {
    bytes_ += data_->size();
    auto event = model::decode_data(type_, logged.event.at, *data_);
    if (!event) return base::forward(event);
    logged.event = std::move(*event);
    return {};
  }

  base::Result<void> read_message(Columns& columns, model::Logged& logged) {
    auto& message = logged.event.body.emplace<model::MessageCreated>();
    columns(message.sequence_number);
    each_message_field(message, columns);
    message.conversation_id = session_;
    bytes_ += message.content.size() + message.parts.text.size() + message.metadata.text.size();
    return {};
  }

  std::vector<model::Logged> read_;
  std::optional<base::Error> error_;
  std::size_t bytes_ = 0;
  std::string type_, session_;
  model::OptionalText data_;
};

constexpr const char* k_notes =
    "SELECT n,type,at,data,after_sequence FROM events WHERE session_pk=? AND dedup IS NOT NULL "
    "AND type IN ('log.entry','conversation.error') ORDER BY n DESC LIMIT ?";

}  // namespace

base::Result<std::vector<model::Logged>> read_log(Database& database, const LogQuery& query) {
  const LogNumber until = query.until == 0 ? std::numeric_limits<LogNumber>::max() : query.until;
  LogReader reader;
  if (query.session_id.empty()) {
    return reader.finish(
        database.statement(std::string(k_select) + k_of_all).query(reader, query.after, until, query.limit));
  }
  // What was there under this id, if anything, ended with it; all that is there now came behind it.
  auto deletion = deletion_of(database, query.session_id);
  if (!deletion) return base::forward(deletion);
  if (*deletion > query.after && *deletion <= until)
    return reader.finish(database.statement(std::string(k_select) + "e.n=?").query(reader, *deletion));
  auto session = find_session(database, query.session_id);
  if (!session && session.error().code == base::ErrorCode::not_found) return std::vector<model::Logged>{};
  if (!session) return base::forward(session);
  return reader.finish(database.statement(std::string(k_select) + k_of_session)
                           .query(reader, session->pk, query.after, until, query.limit));
}

base::Result<std::vector<model::Note>> read_notes(Database& database, const std::string& session_id,
                                                  std::int64_t limit) {
  auto session = find_session(database, session_id);
  if (!session) return base::forward(session);
  std::vector<model::Note> notes;
  std::optional<base::Error> error;
  std::size_t bytes = 0;
  auto done = database.statement(k_notes).query(
      [&](Columns& columns) {
        model::Note& note = notes.emplace_back();
        columns(note.log_number);
        const auto type = columns.take<std::string>();
        const auto at = columns.take<base::Timestamp>();
        const auto data = columns.take<std::string>();
        columns(note.after_sequence);
        auto event = model::decode_data(type, at, data);
        if (!event) error = unreadable(note.log_number, event.error());
        if (event) note.event = std::move(*event);
        bytes += data.size();
        return event && bytes < k_page_bytes ? Rows::more : Rows::enough;
      },
      session->pk, limit);
  if (!done) return base::forward(done);
  if (error) return tl::unexpected<base::Error>(*error);
  std::reverse(notes.begin(), notes.end());
  return notes;
}

}  // namespace agentpipe::store::sql
