#include "search_plan.hpp"

#include "agentpipe/base/utf8.hpp"
#include "search_text.hpp"
#include "vocabulary.hpp"

namespace agentpipe::store::sqlite {

namespace {

constexpr std::size_t k_most_phrases = 200;

bool has_tokens(const std::string& folded) {
  return !sql::words_of(folded).empty() || sql::indexed(folded) != folded;
}

void add_or(std::string& expression, const std::string& other) {
  expression += (expression.empty() ? "" : " OR ") + other;
}

/// The words of the texts that the piece of a word in a term may stand for. Only an empty one when that may
/// be anything: the rest of the term then finds more than is looked for.
base::Result<Words> in_place_of(Database& database, const std::string& piece, Place place) {
  if (base::count_characters(piece) < k_shortest_piece) return Words{""};
  auto words = words_with(database, piece, place);
  if (!words) return base::forward(words);
  if (!*words) return Words{""};
  return (*words)->empty() ? Words{piece} : std::move(**words);
}

/// Everything before with everything behind; one by one when that were too many phrases.
std::string expression_of_phrases(const Words& before, const std::string& middle, const Words& behind) {
  std::string all;
  if (before.size() * behind.size() <= k_most_phrases) {
    for (const std::string& first : before) {
      const std::string begun = first + middle;
      for (const std::string& last : behind) add_or(all, phrase(begun + last, last));
    }
    return all;
  }
  std::string ends;
  for (const std::string& first : before) add_or(all, phrase(first + middle));
  for (const std::string& last : behind) add_or(ends, phrase(last, last));
  return "(" + all + ") AND (" + ends + ")";
}

/// One word, or a piece of some.
base::Result<std::string> expression_of_word(Database& database, const std::string& word) {
  if (base::count_characters(word) < k_shortest_piece) return phrase(word) + "*";
  const auto words = in_place_of(database, word, Place::anywhere);
  if (!words) return base::forward(words);
  return words->front().empty() ? std::string() : expression_of_phrases({""}, {}, *words);
}

/// The expression of one term; empty when the index cannot tell. Where the term begins or ends with a word,
/// that may be a piece of a longer one.
base::Result<std::string> expression_of(Database& database, const std::string& term) {
  std::string middle = base::fold_case(term);
  const Words words = sql::words_of(middle);
  if (words.size() == 1 && words.front() == middle) return expression_of_word(database, middle);
  base::Result<Words> before = Words{""}, behind = Words{""};
  if (!words.empty() && middle.starts_with(words.front())) {
    before = in_place_of(database, words.front(), Place::at_end);
    middle.erase(0, words.front().size());
  }
  if (!words.empty() && middle.ends_with(words.back())) {
    behind = in_place_of(database, words.back(), Place::at_begin);
    middle.resize(middle.size() - words.back().size());
  }
  if (!before) return base::forward(before);
  if (!behind) return base::forward(behind);
  if (!has_tokens(before->front() + middle + behind->front())) return std::string();
  return expression_of_phrases(*before, middle, *behind);
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

std::string phrase(std::string_view text, std::string_view last_word) {
  std::string quoted = "\"";
  for (const char c : sql::indexed(text)) quoted += c == '"' || c == '\0' ? ' ' : c;
  return quoted + (is_cut_short(last_word) ? "\"*" : "\"");
}

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
