#include "index_cleaner.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "meta.hpp"
#include "search_plan.hpp"
#include "vocabulary.hpp"

namespace agentpipe::store::sqlite {

namespace {

using base::Result;
using Progress = IndexCleaner::Progress;

// A portion holds up commits for about as long as one of the indexer.
constexpr int k_merged_pages = 16;
constexpr std::int64_t k_words_at_once = 64;
constexpr const char* k_cleaned = "index_cleaned";  // the latest deletion that was cleaned up behind

Result<model::LogNumber> latest_deletion(Database& database) {
  return database.number("SELECT max(n) FROM tombstones");
}

/// Whether there was anything to merge. FTS5 takes a negative number as the order to merge everything: what
/// deletes and what is deleted meet, and both go. It merges what it has written only, and writes what it has
/// gathered at a savepoint.
Result<bool> merge(Database& database, const std::string& table, int pages) {
  if (auto written = database.execute("SAVEPOINT written; RELEASE written"); !written)
    return base::forward(written);
  const auto before = database.number("SELECT total_changes()");
  if (!before) return base::forward(before);
  auto done =
      database.statement("INSERT INTO " + table + "(" + table + ",rank) VALUES('merge',?)").run(pages);
  if (!done) return base::forward(done);
  const auto after = database.number("SELECT total_changes()");
  if (!after) return base::forward(after);
  return *after - *before >= 2;  // FTS5's manual: one may be the order itself
}

Result<bool> is_held(Database& database, const std::string& word) {
  bool held = false;
  auto done = database.statement("SELECT 1 FROM search_index WHERE search_index MATCH ? LIMIT 1")
                  .query([&](Columns&) { held = true; }, phrase(word, word));
  if (!done) return base::forward(done);
  return held;
}

// The steps, in order. Each tells whether there is more of it.

Result<bool> note_deletions(Database& database, Progress& progress) {
  auto deletion = latest_deletion(database);
  if (!deletion) return base::forward(deletion);
  progress.deletion = *deletion;
  return false;
}

Result<bool> begin_with_texts(Database& database, Progress&) {
  auto merged = merge(database, "search_index", -k_merged_pages);
  if (!merged) return merged;
  return false;
}

Result<bool> merge_texts(Database& database, Progress&) {
  return merge(database, "search_index", k_merged_pages);
}

Result<bool> look_through_words(Database& database, Progress& progress) {
  std::vector<VocabularyEntry> entries;
  auto done = database.statement("SELECT id,word FROM search_words WHERE id>? ORDER BY id LIMIT ?")
                  .query(
                      [&](Columns& columns) {
                        VocabularyEntry& entry = entries.emplace_back();
                        columns(entry.id);
                        columns(entry.word);
                      },
                      progress.word, k_words_at_once);
  if (!done) return base::forward(done);
  for (const VocabularyEntry& entry : entries) {
    progress.word = entry.id;
    auto held = is_held(database, entry.word);
    if (!held) return held;
    if (*held) continue;
    if (done = remove_word(database, entry); !done) return base::forward(done);
    ++progress.words_gone;
  }
  return static_cast<std::int64_t>(entries.size()) == k_words_at_once;
}

Result<bool> begin_with_pieces(Database& database, Progress&) {
  auto merged = merge(database, "search_pieces", -k_merged_pages);
  if (!merged) return merged;
  return false;
}

Result<bool> merge_pieces(Database& database, Progress&) {
  return merge(database, "search_pieces", k_merged_pages);
}

Result<bool> finish(Database& database, Progress& progress) {
  auto done = sql::write_meta(database, k_cleaned, std::to_string(progress.deletion));
  if (!done) return base::forward(done);
  return false;
}

constexpr std::array k_steps = {note_deletions,    begin_with_texts, merge_texts, look_through_words,
                                begin_with_pieces, merge_pieces,     finish};

}  // namespace

Result<bool> IndexCleaner::next(Database& database) {
  auto more = k_steps[step_](database, progress_);
  if (!more) return more;
  if (!*more) ++step_;
  return step_ < k_steps.size();
}

Result<bool> needs_cleaning(Database& database) {
  auto deletion = latest_deletion(database);
  if (!deletion) return base::forward(deletion);
  auto cleaned = sql::read_meta(database, k_cleaned);
  if (!cleaned) return base::forward(cleaned);
  return std::to_string(*deletion) != (cleaned->empty() ? "0" : *cleaned);
}

Result<void> clean_index(Database& database) {
  if (auto begun = database.connection().begin(sql::Transaction::writing); !begun) return begun;
  IndexCleaner cleaner;
  for (Result<bool> more = true; *more;) {
    more = cleaner.next(database);
    if (!more) return base::forward(more);
  }
  return database.connection().commit();
}

}  // namespace agentpipe::store::sqlite
