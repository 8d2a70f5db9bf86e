#include "search_plan.hpp"

#include <algorithm>

#include "search_text.hpp"

namespace agentpipe::store::sqlite {

namespace {

constexpr std::size_t k_most_words = 200;    // that hold a piece; with more of them the index is no help
constexpr std::size_t k_shortest_piece = 3;  // characters: the index of pieces knows no shorter ones

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// "…" as FTS5 reads it.
std::string phrase(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : sql::indexed(text)) quoted += c == '"' || c == '\0' ? ' ' : c;
  return quoted + "\"";
}

/// Words of the vocabulary that hold the piece, or end with it; nothing when they are too many.
base::Result<std::optional<std::vector<std::string>>> words_with(Database& database, const std::string& piece,
                                                                 bool at_end) {
  std::vector<std::string> words;
  std::size_t seen = 0;
  auto done = database.statement("SELECT word FROM search_pieces WHERE search_pieces MATCH ? LIMIT 2000")
                  .query(
                      [&](Columns& columns) {
                        ++seen;
                        auto word = columns.take<std::string>();
                        if (!at_end || word.ends_with(piece)) words.push_back(std::move(word));
                        return words.size() <= k_most_words ? Rows::more : Rows::enough;
                      },
                      phrase(piece));
  if (!done) return base::forward(done);
  if (words.size() > k_most_words || seen == 2000) return std::optional<std::vector<std::string>>();
  return std::optional(std::move(words));
}

/// The term split behind its first word.
struct Split {
  std::string first, rest;
};

Split split(const std::string& term) {
  const std::string folded = base::fold_case(term);
  const auto words = sql::words_of(folded);
  if (words.empty() || !folded.starts_with(words.front())) return {{}, folded};
  return {words.front(), folded.substr(words.front().size())};
}

bool ends_in_word(const std::string& folded) {
  const auto words = sql::words_of(folded);
  return !words.empty() && folded.ends_with(words.back());
}

bool has_tokens(const std::string& folded) {
  return !sql::words_of(folded).empty() || sql::indexed(folded) != folded;
}

/// The expression of one term; empty when the index cannot tell.
base::Result<std::string> expression_of(Database& database, const std::string& term) {
  const Split parts = split(term);
  if (!has_tokens(parts.first + parts.rest)) return std::string();
  const std::string tail = ends_in_word(parts.first + parts.rest) ? "*" : "";
  // The beginning may be a word's end. One too short for the index of pieces is left to the reading.
  if (characters(parts.first) < k_shortest_piece && !parts.rest.empty())
    return has_tokens(parts.rest) ? phrase(parts.rest) + tail : std::string();
  // A word that begins with it needs no vocabulary.
  std::string expression = phrase(parts.first + parts.rest) + tail;
  if (characters(parts.first) < k_shortest_piece) return expression;
  auto words = words_with(database, parts.first, !parts.rest.empty());
  if (!words) return base::forward(words);
  // Too many: what follows finds fewer texts than all there are.
  if (!*words) return has_tokens(parts.rest) ? phrase(parts.rest) + tail : std::string();
  for (const std::string& word : **words) {
    if (!word.starts_with(parts.first) || !parts.rest.empty())
      expression += " OR " + phrase(word + parts.rest) + tail;
  }
  return expression;
}

/// Of all the terms that the index can tell of.
base::Result<std::string> match_expression(Database& database, const SearchText& text) {
  std::string all;
  for (const std::string& term : text.terms) {
    auto one = expression_of(database, term);
    if (!one) return one;
    if (one->empty()) continue;
    all += (all.empty() ? "(" : " AND (") + *one + ")";
  }
  return all;
}

}  // namespace

base::Result<std::optional<sql::LookUp>> look_up(Database& database, const SearchText& text) {
  auto expression = match_expression(database, text);
  if (!expression) return base::forward(expression);
  if (expression->empty()) return std::optional<sql::LookUp>();
  return std::optional(
      sql::LookUp{"SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ? ORDER "
                  "BY rowid DESC "
                  "LIMIT ?",
                  {std::move(*expression)}});
}

}  // namespace agentpipe::store::sqlite
