#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connection.hpp"

namespace agentpipe::store::sqlite {

using Words = std::vector<std::string>;

// The vocabulary holds the words of the full-text index in small letters, and knows them by the pieces that
// they are made of. The full-text index is quick with whole words only: it gathers all the texts of a
// beginning before it gives the first one.

/// Remembers which words went into the vocabulary last.
class VocabularyFeed {
 public:
  /// The word as the vocabulary holds it (of a very long one the beginning) when it may not be there yet; it
  /// counts as being there from now on.
  std::optional<std::string_view> unseen(std::string_view word);
  /// After a transaction that came to nothing.
  void forget() { shelves_.clear(); }

 private:
  /// Hashes of words that share a place, the last seen in front; the one not seen for longest is forgotten.
  /// One line of the processor's cache.
  struct alignas(64) Shelf : std::array<std::uint64_t, 8> {};
  static bool put_in_front(Shelf& shelf, std::uint64_t hash);

  std::vector<Shelf> shelves_;  // none until the first word: a server that only shows things does without
};

/// In the caller's transaction; a word that is there already stays.
base::Result<void> add_word(Database& database, std::string_view word);

struct VocabularyEntry {
  std::int64_t id = 0;
  std::string word;
};
/// In the caller's transaction.
base::Result<void> remove_word(Database& database, const VocabularyEntry& entry);

/// May stand for a longer word, which it is the beginning of.
bool is_cut_short(std::string_view word);

enum class Place { anywhere, at_begin, at_end };

/// Characters of the shortest piece that the vocabulary can look for.
inline constexpr std::size_t k_shortest_piece = 3;

/// The words with the piece, in small letters, in that place; nothing when they are too many to be of use.
base::Result<std::optional<Words>> words_with(Database& database, const std::string& piece, Place place);

}  // namespace agentpipe::store::sqlite
