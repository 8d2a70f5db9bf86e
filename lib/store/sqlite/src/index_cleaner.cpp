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

/// Merges a whole FTS5 table, so that what deletes and what is deleted meet, and both go: a negative number
/// is the order to do so. It merges what it has written only, and writes what it has gathered at a savepoint.
Result<bool> merge(Database& database, Progress& progress, const std::string& table) {
  if (auto written = database.execute("SAVEPOINT written; RELEASE written"); !written)
    return base::forward(written);
  const auto before = database.number("SELECT total_changes()");
  if (!before) return base::forward(before);
  const bool begins = !std::exchange(progress.merging, true);
  auto done = database.statement("INSERT INTO " + table + "(" + table + ",rank) VALUES('merge',?)")
                  .run(begins ? -k_merged_pages : k_merged_pages);
  if (!done) return base::forward(done);
  const auto after = database.number("SELECT total_changes()");
  if (!after) return base::forward(after);
  // FTS5's manual: one change may be the order itself.
  progress.merging = begins || *after - *before >= 2;
  return progress.merging;
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

Result<bool> finish(Database& database, Progress& progress) {
  auto done = sql::write_meta(database, k_cleaned, std::to_string(progress.deletion));
  if (!done) return base::forward(done);
  return false;
}

constexpr std::array<Result<bool> (*)(Database&, Progress&), 5> k_steps = {
    note_deletions,
    [](Database& database, Progress& progress) { return merge(database, progress, "search_index"); },
    look_through_words,
    [](Database& database, Progress& progress) { return merge(database, progress, "search_pieces"); },
    finish,
};

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
