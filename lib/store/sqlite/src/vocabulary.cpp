#include "vocabulary.hpp"

#include <algorithm>
#include <functional>

#include "agentpipe/base/literal.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::store::sqlite {

namespace {

constexpr std::size_t k_shortest_word = 3;
constexpr std::size_t k_longest_word = 64;
constexpr std::size_t k_longest_character = 4;
constexpr std::size_t k_shelves = 1UL << 15U;  // 2 MiB
constexpr std::size_t k_most_words = 200;
constexpr std::size_t k_most_looked_at = 2000;

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

}  // namespace

bool is_cut_short(std::string_view word) {
  return word.size() > k_longest_word - k_longest_character;
}

/// Whether it was there.
bool VocabularyFeed::put_in_front(Shelf& shelf, std::uint64_t hash) {
  auto place = std::ranges::find(shelf, hash);
  const bool known = place != shelf.end();
  if (!known) --place;
  std::copy_backward(shelf.begin(), place, place + 1);
  shelf.front() = hash;
  return known;
}

std::optional<std::string_view> VocabularyFeed::unseen(std::string_view word) {
  if (word.size() < k_shortest_word) return {};
  word = base::truncate_utf8(word, k_longest_word);
  if (shelves_.empty()) shelves_.resize(k_shelves);
  const std::uint64_t hash = std::hash<std::string_view>{}(word) | 1U;
  if (put_in_front(shelves_[(hash >> 1U) % shelves_.size()], hash)) return {};
  return word;
}

base::Result<void> add_word(Database& database, std::string_view word) {
  // No RETURNING: it makes a statement with a savepoint of its own, at which FTS5 writes out all that it has
  // gathered since the last one.
  auto& insert = database.statement("INSERT INTO search_words(word) VALUES(?) ON CONFLICT DO NOTHING");
  auto done = insert.run(word);
  if (!done || insert.changes() == 0) return done;
  return database.statement("INSERT INTO search_pieces(rowid,word) VALUES(last_insert_rowid(),?)").run(word);
}

base::Result<void> remove_word(Database& database, const VocabularyEntry& entry) {
  auto done = database.statement("INSERT INTO search_pieces(search_pieces,rowid,word) VALUES('delete',?,?)")
                  .run(entry.id, entry.word);
  if (!done) return done;
  return database.statement("DELETE FROM search_words WHERE id=?").run(entry.id);
}

base::Result<std::optional<Words>> words_with(Database& database, const std::string& piece, Place place) {
  Words words;
  std::size_t seen = 0;
  // Older versions left capitals beyond Latin-1 in the words; a range of small letters only passes over
  // these.
  const bool by_range = place == Place::at_begin && std::ranges::all_of(piece, is_ascii);
  const auto fits = [&](const std::string& word) {
    if (by_range || place == Place::anywhere) return true;
    const std::string folded = base::fold_case(word);
    return place == Place::at_begin ? folded.starts_with(piece) : folded.ends_with(piece);
  };
  const auto take = [&](Columns& columns) {
    auto word = columns.take<std::string>();
    if (fits(word)) words.push_back(std::move(word));
    return words.size() <= k_most_words && ++seen < k_most_looked_at ? Rows::more : Rows::enough;
  };
  constexpr const char* k_last_character = "\U0010FFFF";
  auto done = by_range ? database.statement("SELECT word FROM search_words WHERE word BETWEEN ? AND ?")
                             .query(take, piece, piece + k_last_character)
                       : database.statement("SELECT word FROM search_pieces WHERE search_pieces MATCH ?")
                             .query(take, '"' + piece + '"');
  if (!done) return base::forward(done);
  if (words.size() > k_most_words || seen == k_most_looked_at) return std::optional<Words>();
  return std::optional(std::move(words));
}

}  // namespace agentpipe::store::sqlite
