#include <algorithm>
#include <array>
#include <span>

#include "agentpipe/model/limits.hpp"
#include "database_reader.hpp"
#include "goose_session.hpp"
#include "rows.hpp"
#include "times.hpp"

/// Goose's database: tables sessions, messages and, in newer versions, usage_ledger. Its schema changes
/// often: columns are looked for. Times are text, UTC, or seconds since 1970.
namespace agentpipe::formats {
namespace {

/// A greater number is milliseconds: as seconds it would lie beyond the year 5138.
constexpr std::string_view k_least_ms = "100000000000";

std::optional<base::Timestamp> time_of(std::string_view text) {
  const auto at = base::parse_rfc3339(text);
  return at ? at : base::parse_rfc3339(std::string(text) + "Z");
}

std::string as_ms(const std::string& number) {
  return "(CASE WHEN " + number + " > " + std::string(k_least_ms) + " THEN " + number + " ELSE 1000 * " +
         number + " END)";
}

std::string text_as_ms(SqliteFile& file, std::string_view column) {
  return "1000 * coalesce(CAST(strftime('%s', " + file.column_or_null("sessions", column) +
         ") AS INTEGER), 0)";
}

constexpr std::array<DatabaseReader::Needed, 5> k_goose_needs = {{
    {"sessions", "id"},
    {"messages", "id"},
    {"messages", "session_id"},
    {"messages", "role"},
    {"messages", "content_json"},
}};

/// Of the sessions' columns those that are read, in the order of GooseDatabase::head_in.
constexpr std::array<std::string_view, 9> k_head_columns = {"name",
                                                            "description",
                                                            "working_dir",
                                                            "created_at",
                                                            "updated_at",
                                                            "model_config_json",
                                                            "parent_session_id",
                                                            "accumulated_total_tokens",
                                                            "accumulated_cost"};

std::string columns_of(SqliteFile& file, std::string_view table, std::span<const std::string_view> columns) {
  std::string list;
  for (const auto column : columns)
    list.append(list.empty() ? "" : ", ").append(file.column_or_null(table, column));
  return list;
}

class GooseDatabase final : public DatabaseReader {
 public:
  using DatabaseReader::DatabaseReader;

 private:
  [[nodiscard]] std::span<const Needed> needed() const override { return k_goose_needs; }

  static bool keeps_accounts(SqliteFile& file) {
    return file.has_table("usage_ledger") && file.has_column("usage_ledger", "session_id");
  }

  std::array<std::string_view, 2> growing_tables(SqliteFile& file) override {
    return {"messages", keeps_accounts(file) ? "usage_ledger" : "messages"};
  }

  std::string session_time(SqliteFile& file) override {
    return "max(" + text_as_ms(file, "created_at") + ", " + text_as_ms(file, "updated_at") + ")";
  }

  std::string sessions_query(SqliteFile& file, const std::string& where) override {
    const auto spoken = as_ms(number_of(file, "messages", {"created_timestamp"}));
    head_ = "SELECT " + columns_of(file, "sessions", k_head_columns) + " FROM sessions WHERE id = ?1";
    created_ = "SELECT " + file.column_or_null("sessions", "created_at") + " FROM sessions WHERE id = ?1";
    messages_ = "SELECT " + file.column_or_null("messages", "message_id") + ", role, content_json, " +
                spoken + ", " + file.column_or_null("messages", "metadata_json") +
                " FROM messages WHERE session_id = ?1 ORDER BY id";
    if (keeps_accounts(file)) accounts_ = accounts_query(file);
    const std::string shown =
        file.has_column("sessions", "session_type") ? "session_type <> 'hidden' AND " : "";
    return "SELECT id, max(" + session_time(file) + ", coalesce((SELECT max(" + spoken +
           ") FROM messages WHERE messages.session_id = sessions.id), 0)) AS changed FROM sessions WHERE " +
           shown + "(" + where + ") ORDER BY " + text_as_ms(file, "created_at") + ", id";
  }

  static std::string accounts_query(SqliteFile& file) {
    constexpr std::array<std::string_view, 7> k_columns = {
        "model", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens",
        "cost",  "cost_source"};
    return "SELECT " + columns_of(file, "usage_ledger", k_columns) + ", " +
           as_ms(number_of(file, "usage_ledger", {"created_timestamp"})) +
           " FROM usage_ledger WHERE session_id = ?1 ORDER BY rowid";
  }

  static goose::Account account_in(const SqliteRow& row) {
    const auto count = [&](int column) {
      return std::clamp<std::int64_t>(row.number(column), 0, model::k_max_integer);
    };
    ReportedUsage reported;
    reported.input = count(1);
    reported.output = count(2);
    reported.cache_read = count(3);
    reported.cache_write = count(4);
    goose::Account account;
    account.model = row.text(0);
    account.usage = normalised(reported, InputRule::excludes_cached);
    if (row.real(5) > 0 && row.real(5) <= model::k_max_cost) account.cost = row.real(5);
    using Source = goose::Account::CostSource;
    account.source = row.text(6) == "provider_reported" ? Source::provider : Source::estimate;
    account.at = time_of_ms(row.number(7));
    return account;
  }

  struct Facts {
    goose::Head head;
    std::string parent;  ///< as Goose calls it
    std::optional<base::Timestamp> updated;
    model::ConversationCompleted totals;
  };

  Facts facts_in(const SqliteRow& row, const std::string& id) {
    Facts facts;
    facts.head.id = goose::native_id(id, row.text(3));
    facts.head.title = row.text(row.text(0).empty() ? 1 : 0);
    facts.head.directory = row.text(2);
    facts.head.created = time_of(row.text(3));
    facts.updated = time_of(row.text(4));
    if (const auto model = json_.parse(row.text(5))) facts.head.model = (*model)["model_name"].text();
    facts.parent = row.text(6);
    if (row.number(7) > 0 && row.number(7) <= model::k_max_integer) facts.totals.total_tokens = row.number(7);
    if (row.real(8) > 0 && row.real(8) <= model::k_max_cost) facts.totals.total_cost = row.real(8);
    return facts;
  }

  base::Result<Facts> facts_of(SqliteFile& file, const std::string& id) {
    Facts facts;
    auto done = file.query(head_, {id}, [&](const SqliteRow& row) { facts = facts_in(row, id); });
    if (done && !facts.parent.empty()) {
      facts.head.parent_id = goose::native_id(facts.parent, {});
      done = file.query(created_, {facts.parent}, [&](const SqliteRow& row) {
        facts.head.parent_id = goose::native_id(facts.parent, row.text(0));
      });
    }
    if (!done) return base::forward(done);
    return facts;
  }

  base::Result<std::optional<std::vector<goose::Account>>> accounts_of(SqliteFile& file,
                                                                       const std::string& id) {
    if (accounts_.empty()) return std::optional<std::vector<goose::Account>>();
    std::vector<goose::Account> accounts;
    auto done =
        file.query(accounts_, {id}, [&](const SqliteRow& row) { accounts.push_back(account_in(row)); });
    if (!done) return base::forward(done);
    return std::optional(std::move(accounts));
  }

  void message(const SqliteRow& row, goose::Session& session, Sink& sink) {
    const auto metadata = json_.parse(row.text(4));
    if (metadata && (*metadata)["userVisible"].json() == "false") return sink.skipped(Skip::internal, 0);
    const auto content = json_.parse(row.text(2));
    if (!content)
      return sink.problem({0, "a message of " + std::string(row.text(1)) + " is not JSON; it was left out"});
    session.message({std::string(row.text(0)), row.text(1), time_of_ms(row.number(3))}, *content, sink);
  }

  base::Result<Told> session(SqliteFile& file, const std::string& id, Writer writer, Sink& sink) override {
    auto facts = facts_of(file, id);
    if (!facts) return base::forward(facts);
    auto accounts = accounts_of(file, id);
    if (!accounts) return base::forward(accounts);
    goose::Session session(facts->head, origin(), std::move(*accounts));
    auto done = file.query(messages_, {id}, [&](const SqliteRow& row) { message(row, session, sink); });
    if (!done) return base::forward(done);
    const bool whole = session.finish(writer, facts->updated, std::move(facts->totals), sink);
    return whole ? Told::whole : Told::unfinished;
  }

  JsonLine json_;
  std::string head_, created_, messages_, accounts_;  ///< queries that fit this schema; the last may be empty
};

}  // namespace

bool is_goose_database(std::string_view head, const Origin& origin) {
  if (!is_sqlite(head) || origin.path.empty()) return false;
  auto file = SqliteFile::open(origin.path);
  return file && file->has_table("sessions") && file->has_table("messages") &&
         file->has_column("messages", "content_json");
}

std::unique_ptr<Reader> open_goose_database(const Origin& origin) {
  return std::make_unique<GooseDatabase>(origin);
}

}  // namespace agentpipe::formats
