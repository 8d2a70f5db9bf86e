#include "search_indexer.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "agentpipe/base/log.hpp"
#include "search_text.hpp"

namespace agentpipe::store::sqlite {

namespace {

using model::LogNumber;

// A portion holds up commits for about 8 ms; smaller ones cost more a row.
constexpr std::int64_t k_portion = 256;
constexpr std::size_t k_portion_bytes = 1UL << 20U;
constexpr base::Milliseconds k_look_every{250};
constexpr base::Milliseconds k_after_trouble{2'000};
// While events come in, the index takes a quarter of the writer's time; half of it when it is so far behind
// that reading the texts it lacks takes a search 0.3 s.
constexpr LogNumber k_far_behind = 100'000;
// Behind by less than a fifth of a second of 10,000 events it rests to the end. Beyond that a writer that was
// found idle so often, one look after the other, has time for the index: so it keeps within a second of such
// a stream.
constexpr LogNumber k_behind = 2'000;
constexpr base::Milliseconds k_look_while_resting{1};
constexpr int k_idle_looks = 3;
constexpr int k_rests = 3;
constexpr int k_rests_far_behind = 1;
// Cleaning writes the whole index anew, however little was deleted.
constexpr base::Milliseconds k_clean_every{600'000};

// Sessions' names and prompts are found by the events that told them.
constexpr const char* k_texts =
    "SELECT e.n,e.type,e.at,e.data,m.content FROM events e LEFT JOIN messages m ON m.n=e.n ";

/// What is to be found of an event; empty: nothing.
std::string text_of(const std::string& type, base::Timestamp at, const model::OptionalText& data,
                    std::string content) {
  if (!data) return content;
  const sql::Facts told = sql::facts_told(type, at, data);
  return told.name.empty() && told.prompt.empty() ? "" : told.name + "\n" + told.prompt;
}

Document read_document(Columns& columns) {
  Document document;
  columns(document.number);
  const auto type = columns.take<std::string>();
  const auto at = columns.take<base::Timestamp>();
  const auto data = columns.take<model::OptionalText>();
  document.text = text_of(type, at, data, columns.take<std::string>());
  return document;
}

}  // namespace

base::Result<LogNumber> search_watermark(Database& database) {
  LogNumber reached = 0;
  auto done = database.statement("SELECT reached FROM search_state").query([&](Columns& columns) {
    columns(reached);
  });
  if (!done) return base::forward(done);
  return reached;
}

base::Result<void> SearchFeed::prepare(Database& database, LogNumber after) {
  portion_.documents.clear();
  portion_.after = portion_.reached = after;
  portion_.events = 0;
  std::size_t bytes = 0;
  return database.statement(std::string(k_texts) + "WHERE e.n>? ORDER BY e.n LIMIT ?")
      .query(
          [&](Columns& columns) {
            const Document document = read_document(columns);
            portion_.reached = document.number;
            ++portion_.events;
            if (!document.text.empty()) take_apart(document);
            bytes += document.text.size();
            return bytes < k_portion_bytes ? Rows::more : Rows::enough;
          },
          after, k_portion);
}

void SearchFeed::take_apart(const Document& document) {
  portion_.documents.push_back({document.number, sql::indexed(document.text)});
  sql::each_word(base::fold_case(document.text), [&](std::string_view word) {
    if (const auto entry = vocabulary_.unseen(word)) portion_.words.emplace_back(*entry);
  });
}

/// Does it begin at the watermark, and are its events still there? They may be deleted, but never change.
base::Result<bool> SearchFeed::is_next(Database& database, LogNumber watermark) const {
  if (portion_.after != watermark || portion_.events == 0) return false;
  std::int64_t events = 0;
  auto done = database.statement("SELECT count(*) FROM events WHERE n>? AND n<=?")
                  .query([&](Columns& columns) { columns(events); }, portion_.after, portion_.reached);
  if (!done) return base::forward(done);
  return events == portion_.events;
}

base::Result<LogNumber> SearchFeed::index_next(Database& database) {
  auto watermark = search_watermark(database);
  if (!watermark) return watermark;
  auto next = is_next(database, *watermark);
  if (!next) return base::forward(next);
  if (!*next) {
    if (auto prepared = prepare(database, *watermark); !prepared) return base::forward(prepared);
  }
  base::Result<void> done;
  for (const Document& document : portion_.documents) {
    done = database.statement("INSERT INTO search_index(rowid,text) VALUES(?,?)")
               .run(document.number, document.text);
    if (!done) return base::forward(done);
  }
  for (const std::string& word : portion_.words) {
    if (done = add_word(database, word); !done) return base::forward(done);
  }
  done = database.statement("UPDATE search_state SET reached=?").run(portion_.reached);
  if (!done) return base::forward(done);
  portion_.words.clear();
  return portion_.reached;
}

base::Result<void> unindex_session(Database& database, std::int64_t session_pk) {
  auto reached = search_watermark(database);
  if (!reached) return base::forward(reached);
  // One of its own: statement() would end what goes through the texts.
  Statement take_out(database.connection(),
                     "INSERT INTO search_index(search_index,rowid,text) VALUES('delete',?,?)");
  base::Result<void> removed;
  auto done = database
                  .statement(std::string(k_texts) +
                             "WHERE e.n<=?1 AND e.n IN (SELECT n FROM messages WHERE session_pk=?2 UNION ALL "
                             "SELECT n FROM events WHERE session_pk=?2 AND dedup IS NOT NULL)")
                  .query(
                      [&](Columns& columns) {
                        const Document document = read_document(columns);
                        if (document.text.empty()) return Rows::more;
                        removed = take_out.run(document.number, sql::indexed(document.text));
                        return removed ? Rows::more : Rows::enough;
                      },
                      *reached, session_pk);
  return done ? removed : done;
}

SearchIndexer::SearchIndexer(sql::Writer& writer, Database reader, base::Clock& clock, LogNumber reached)
    : writer_(writer),
      reader_(std::move(reader)),
      clock_(clock),
      reached_(reached),
      next_cleaning_(base::Deadline::after(clock, base::Milliseconds(0))),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

base::Result<void> SearchIndexer::index_portion() {
  LogNumber reached = reached_;
  auto done = writer_.perform([&](Database& database) -> base::Result<void> {
    auto next = feed_.index_next(database);
    if (!next) return base::forward(next);
    reached = *next;
    return {};
  });
  if (done)
    reached_ = reached;
  else
    feed_.forget();
  return done;
}

void SearchIndexer::run(const std::stop_token& stop) {
  auto rested = base::Deadline::after(clock_, base::Milliseconds(0));
  while (!stop.stop_requested()) {
    const LogNumber last = writer_.last_number();
    if (last <= reached_) {
      if (!clean_portion()) clock_.sleep(k_look_every, stop);
      continue;
    }
    const LogNumber before = reached_;
    const bool prepared = feed_.prepare(reader_, reached_).has_value();
    rest(rested, stop);
    const base::Ticks begun = clock_.ticks();
    if (!prepared || !index_portion()) {
      clock_.sleep(k_after_trouble, stop);
      continue;
    }
    if (reached_ == before) reached_ = last;  // what lay there is deleted
    const LogNumber now = writer_.last_number();
    if (now - reached_ < k_behind) clean_portion();
    const int rests = now == last ? 0 : now - reached_ > k_far_behind ? k_rests_far_behind : k_rests;
    const auto pause = std::chrono::duration_cast<base::Milliseconds>((clock_.ticks() - begun) * rests);
    rested = base::Deadline::after(clock_, pause);
  }
}

bool SearchIndexer::clean_portion() {
  if (!cleaner_) {
    if (!next_cleaning_.reached(clock_)) return false;
    next_cleaning_ = base::Deadline::after(clock_, k_clean_every);
    const auto needed = needs_cleaning(reader_);
    if (!needed || !*needed) return false;
    cleaner_.emplace();
  }
  bool more = false;
  const std::size_t words_gone = cleaner_->words_gone();
  auto done = writer_.perform([&](Database& database) -> base::Result<void> {
    auto next = cleaner_->next(database);
    if (!next) return base::forward(next);
    more = *next;
    return {};
  });
  if (cleaner_->words_gone() != words_gone) feed_.forget();
  if (!done || !more) cleaner_.reset();
  return true;
}

void SearchIndexer::rest(const base::Deadline& until, const std::stop_token& stop) {
  int idle_looks = 0;
  while (!until.reached(clock_) && idle_looks < k_idle_looks && !stop.stop_requested()) {
    clock_.sleep(k_look_while_resting, stop);
    const bool needed = writer_.last_number() - reached_ > k_behind;
    idle_looks = needed && writer_.idle() ? idle_looks + 1 : 0;
  }
}

}  // namespace agentpipe::store::sqlite
