#include <array>

#include "database_reader.hpp"
#include "opencode_session.hpp"
#include "rows.hpp"
#include "times.hpp"

/// OpenCode's database: tables session, message and part, the latter two with their facts as JSON. Times are
/// ms since 1970. A session's own time of change misses changes of its messages and parts. A fork copies the
/// messages before it under new ids, with their times and accounts, and does not say of which session.
namespace agentpipe::formats {
namespace {

constexpr std::array<DatabaseReader::Needed, 6> k_opencode_needs = {{
    {"session", "id"},
    {"message", "id"},
    {"message", "session_id"},
    {"message", "data"},
    {"part", "message_id"},
    {"part", "data"},
}};

/// Without copies of the original's, ?2.
constexpr const char* k_timed_messages =
    "SELECT id, data FROM message WHERE session_id = ?1 AND NOT (?2 <> '' AND time_created < (SELECT "
    "time_created FROM session WHERE id = ?1) AND EXISTS (SELECT 1 FROM message AS before WHERE "
    "before.session_id = ?2 AND before.time_created = message.time_created)) ORDER BY time_created, id";

/// The newest message of ?1 that is older than the session itself.
constexpr const char* k_newest_copy =
    "SELECT max(message.time_created) FROM message JOIN session ON session.id = message.session_id WHERE "
    "session.id = ?1 AND message.time_created < session.time_created";

/// The oldest session but ?1 that has a message of that time; there is no index for this.
constexpr const char* k_original =
    "SELECT session_id FROM message AS before WHERE session_id <> ?1 AND time_created = ?2 ORDER BY (SELECT "
    "time_created FROM session WHERE id = before.session_id) LIMIT 1";

class OpenCodeDatabase final : public DatabaseReader {
 public:
  using DatabaseReader::DatabaseReader;

 private:
  [[nodiscard]] std::span<const Needed> needed() const override { return k_opencode_needs; }

  std::array<std::string_view, 2> growing_tables(SqliteFile& /*file*/) override {
    return {"message", "part"};
  }

  std::string session_time(SqliteFile& file) override {
    return number_of(file, "session", {"time_updated", "time_created"});
  }

  std::string sessions_query(SqliteFile& file, const std::string& where) override {
    head_ = "SELECT " + file.column_or_null("session", "parent_id") + ", " +
            file.column_or_null("session", "title") + ", " + file.column_or_null("session", "directory") +
            ", " + number_of(file, "session", {"time_created"}) + ", " +
            number_of(file, "session", {"time_updated"}) + " FROM session WHERE id = ?1";
    tells_times_ = file.has_column("message", "time_created") && file.has_column("session", "time_created");
    messages_ = tells_times_ ? std::string(k_timed_messages)
                             : "SELECT id, data FROM message WHERE session_id = ?1 ORDER BY id";
    parts_ = std::string("SELECT data FROM part WHERE message_id = ?1 ORDER BY ") +
             (file.has_column("part", "id") ? "id" : "rowid");
    return "SELECT id, max(0, " + session_time(file) + newest_in(file, "message") + newest_in(file, "part") +
           ") AS changed FROM session WHERE " + where + " ORDER BY " +
           number_of(file, "session", {"time_created"}) + ", id";
  }

  /// Of each session, as one more number of a list.
  static std::string newest_in(SqliteFile& file, std::string_view table) {
    if (!file.has_column(table, "session_id")) return {};
    const std::string name(table);
    return ", coalesce((SELECT max(" + number_of(file, table, {"time_updated", "time_created"}) + ") FROM " +
           name + " WHERE " + name + ".session_id = session.id), 0)";
  }

  base::Result<Told> session(SqliteFile& file, const std::string& id, Writer writer, Sink& sink) override {
    opencode::Head head;
    head.id = id;
    std::int64_t updated = 0;
    auto done = file.query(head_, {id}, [&](const SqliteRow& row) {
      head.parent_id = row.text(0);
      head.title = row.text(1);
      head.directory = row.text(2);
      head.created = time_of_ms(row.number(3));
      updated = row.number(4);
    });
    if (!done) return base::forward(done);
    const auto original = original_of(file, id);
    if (!original) return base::forward(original);
    if (head.parent_id.empty()) head.parent_id = *original;
    opencode::Session session(head, origin(), writer);
    base::Result<void> parts;
    done = file.query(messages_, {id, std::string_view(*original)}, [&](const SqliteRow& row) {
      const std::string message(row.text(0));
      const auto info = json_.parse(row.text(1));
      if (!info) return sink.problem({0, "message " + message + " is not JSON; it was left out"});
      session.message(message, *info, sink);
      if (parts) parts = add_parts(file, message, session, sink);
    });
    if (!done) return base::forward(done);
    if (!parts) return base::forward(parts);
    return session.finish(time_of_ms(updated), sink) ? Told::whole : Told::unfinished;
  }

  /// The session of which this one was forked; empty: none, or it is not there any more.
  base::Result<std::string> original_of(SqliteFile& file, const std::string& id) const {
    std::string original;
    if (!tells_times_) return original;
    std::int64_t copied = 0;
    auto done = file.query(k_newest_copy, {id}, [&](const SqliteRow& row) { copied = row.number(0); });
    if (done && copied != 0)
      done = file.query(k_original, {id, copied}, [&](const SqliteRow& row) { original = row.text(0); });
    if (!done) return base::forward(done);
    return original;
  }

  base::Result<void> add_parts(SqliteFile& file, const std::string& message, opencode::Session& session,
                               Sink& sink) {
    return file.query(parts_, {message}, [&](const SqliteRow& row) {
      const auto part = json_.parse(row.text(0));
      if (!part) return sink.problem({0, "a part of message " + message + " is not JSON; it was left out"});
      session.part(*part, sink);
    });
  }

  JsonLine json_;
  std::string head_, messages_, parts_;  ///< queries that fit this schema
  bool tells_times_ = false;
};

}  // namespace

bool is_opencode_database(std::string_view head, const Origin& origin) {
  if (!is_sqlite(head)) return false;
  if (origin.name.starts_with("opencode")) return true;
  if (origin.path.empty()) return false;
  auto file = SqliteFile::open(origin.path);
  return file && file->has_table("session") && file->has_table("message") && file->has_table("part");
}

std::unique_ptr<Reader> open_opencode_database(const Origin& origin) {
  return std::make_unique<OpenCodeDatabase>(origin);
}

}  // namespace agentpipe::formats
