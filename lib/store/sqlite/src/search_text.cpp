#include "search_text.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/utf8.hpp"

namespace agentpipe::store::sqlite {

namespace {

constexpr std::size_t k_before = 60;
constexpr std::size_t k_window = 240;
constexpr std::size_t k_places = 20;

/// Thai to Khmer, CJK with kana and hangul, and all of four bytes (emoji, rare ideographs). By the lead byte
/// and the one behind it, which is near enough: a letter too many that stands alone is found all the same.
bool stands_alone(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 4) return true;
  if (character.size() != 3) return false;
  if (byte(0) == 0xE0) return byte(1) >= 0xB8;
  if (byte(0) == 0xE2) return byte(1) >= 0x98 && byte(1) <= 0x9E;
  return byte(0) >= 0xE3 && byte(0) <= 0xED;
}

bool is_word(std::string_view character) {
  const char c = character.front();
  if (character.size() == 1)
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  // U+0080 to U+00BF are signs, U+2000 to U+27FF mostly so.
  return !stands_alone(character) && static_cast<unsigned char>(c) != 0xC2 &&
         static_cast<unsigned char>(c) != 0xE2;
}

template <class Each>
void each_character(std::string_view text, Each&& each) {
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(base::utf8_length(text), 1);
    each(text.substr(0, length));
    text.remove_prefix(length);
  }
}

bool starts_character(const std::string& text, std::size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

}  // namespace

std::string indexed(std::string_view text) {
  std::string spaced;
  spaced.reserve(text.size() + text.size() / 8);
  each_character(text, [&](std::string_view character) {
    const bool alone = stands_alone(character);
    if (alone) spaced += ' ';
    spaced += character;
    if (alone) spaced += ' ';
  });
  return spaced;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  const std::string folded = base::fold_case(text);
  each_character(folded,
                 [&](std::string_view character) { is_word(character) ? void(word += character) : end(); });
  end();
  return words;
}

SearchTerms::SearchTerms(const SearchText& text) {
  for (const std::string& term : text.terms) literals_.emplace_back(term);
}

bool SearchTerms::in(const std::string& folded) const {
  return std::ranges::all_of(literals_, [&](const base::Literal& literal) { return literal.in(folded); });
}

std::size_t SearchTerms::count(const std::string& folded) const {
  std::size_t count = 0;
  for (const base::Literal& literal : literals_) count += literal.places(folded, k_places).size();
  return count;
}

void SearchTerms::excerpt(const std::string& text, const std::string& folded, SearchMatch& match) const {
  std::size_t first = folded.size();
  for (const base::Literal& literal : literals_) first = std::min(first, folded.find(literal.folded()));
  std::size_t begin = first > k_before ? first - k_before : 0;
  while (!starts_character(text, begin)) --begin;
  std::size_t end = std::min(begin + k_window + literals_.front().folded().size(), text.size());
  while (!starts_character(text, end)) ++end;
  match.excerpt = text.substr(begin, end - begin);
  const auto window = std::string_view(folded).substr(begin, end - begin);
  for (const base::Literal& literal : literals_) {
    for (const std::size_t place : literal.places(window, k_places))
      match.places.emplace_back(place, literal.folded().size());
  }
  std::ranges::sort(match.places);
  std::size_t behind = 0;
  std::erase_if(match.places, [&](const auto& place) {
    if (place.first < behind) return true;
    behind = place.first + place.second;
    return false;
  });
}

}  // namespace agentpipe::store::sqlite
