#include "search_indexer.hpp"

#include <chrono>
#include <functional>
#include <optional>

#include "agentpipe/base/log.hpp"
#include "agentpipe/model/codec.hpp"
#include "search_text.hpp"

namespace agentpipe::store::sqlite {

namespace {

using model::LogNumber;

// A portion holds up commits for about 10 ms; smaller ones cost more a row.
constexpr std::int64_t k_portion = 256;
constexpr std::size_t k_portion_bytes = 1UL << 20U;
constexpr base::Milliseconds k_look_every{250};
constexpr base::Milliseconds k_after_trouble{2'000};
// While events come in, the index takes a quarter of the writer's time; half of it when it is so far behind
// that reading the texts it lacks takes a search 0.3 s.
constexpr LogNumber k_far_behind = 100'000;
// Behind by less than half a second of 10,000 events it rests to the end. Beyond that a writer that was found
// idle so often, one look after the other, has time for the index: so it keeps within a second of such a
// stream.
constexpr LogNumber k_behind = 4'000;
constexpr base::Milliseconds k_look_while_resting{1};
constexpr int k_idle_looks = 3;
constexpr int k_rests = 3;
constexpr int k_rests_far_behind = 1;

// Sessions' names and prompts are found by the events that told them.
constexpr const char* k_texts =
    "SELECT e.n,e.type,e.at,e.data,m.content FROM events e LEFT JOIN messages m ON m.n=e.n ";

/// What is to be found of an event; empty: nothing.
std::string text_of(const std::string& type, base::Timestamp at, const model::OptionalText& data,
                    std::string content) {
  if (!data) return content;
  if (type != "conversation.started" && type != "conversation.updated") return {};
  const auto event = model::decode_data(type, at, *data);
  if (!event) return {};
  if (const auto* started = std::get_if<model::ConversationStarted>(&event->body))
    return started->name.value_or("") + "\n" + started->initial_prompt;
  return std::get<model::ConversationUpdated>(event->body).name.value_or("");
}

struct Document {
  LogNumber number = 0;
  std::string text;
};

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

base::Result<LogNumber> SearchFeed::index_next(Database& database) {
  auto reached = search_watermark(database);
  if (!reached) return reached;
  std::vector<Document> documents;
  std::size_t bytes = 0;
  auto done = database.statement(std::string(k_texts) + "WHERE e.n>? ORDER BY e.n LIMIT ?")
                  .query(
                      [&](Columns& columns) {
                        documents.push_back(read_document(columns));
                        bytes += documents.back().text.size();
                        return bytes < k_portion_bytes ? Rows::more : Rows::enough;
                      },
                      *reached, k_portion);
  if (!done) return base::forward(done);
  for (const Document& document : documents) {
    *reached = document.number;
    if (document.text.empty()) continue;
    done = database.statement("INSERT INTO search_index(rowid,text) VALUES(?,?)")
               .run(document.number, sql::indexed(document.text));
    if (!done) return base::forward(done);
    base::Result<void> learnt;
    sql::each_word(base::fold_case(document.text), [&](std::string_view word) {
      if (learnt) learnt = vocabulary_.learn(database, word);
    });
    if (!learnt) return base::forward(learnt);
  }
  done = database.statement("UPDATE search_state SET reached=?").run(*reached);
  if (!done) return base::forward(done);
  return reached;
}

base::Result<void> unindex_session(Database& database, std::int64_t session_pk) {
  auto reached = search_watermark(database);
  if (!reached) return base::forward(reached);
  Statement& take_out =
      database.statement("INSERT INTO search_index(search_index,rowid,text) VALUES('delete',?,?)");
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

SearchIndexer::SearchIndexer(sql::Writer& writer, base::Clock& clock, LogNumber reached)
    : writer_(writer),
      clock_(clock),
      reached_(reached),
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
  while (!stop.stop_requested()) {
    const LogNumber last = writer_.last_number();
    if (last <= reached_) {
      clock_.sleep(k_look_every, stop);
      continue;
    }
    const base::Ticks begun = clock_.ticks();
    if (!index_portion()) {
      clock_.sleep(k_after_trouble, stop);
      continue;
    }
    const LogNumber now = writer_.last_number();
    if (now == last) continue;
    const int rests = now - reached_ > k_far_behind ? k_rests_far_behind : k_rests;
    rest(std::chrono::duration_cast<base::Milliseconds>((clock_.ticks() - begun) * rests), stop);
  }
}

void SearchIndexer::rest(base::Milliseconds most, const std::stop_token& stop) {
  if (writer_.last_number() - reached_ <= k_behind) {
    clock_.sleep(most, stop);
    return;
  }
  const auto deadline = base::Deadline::after(clock_, most);
  int idle_looks = 0;
  while (!deadline.reached(clock_) && idle_looks < k_idle_looks && !stop.stop_requested()) {
    clock_.sleep(k_look_while_resting, stop);
    idle_looks = writer_.idle() ? idle_looks + 1 : 0;
  }
}

}  // namespace agentpipe::store::sqlite
