#include "search_text.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/utf8.hpp"
#include "agentpipe/model/codec.hpp"

namespace agentpipe::store::sql {

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

constexpr bool is_ascii_word(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Of several bytes. U+0080 to U+00BF are signs, U+2000 to U+27FF mostly so.
bool is_long_word(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  return !stands_alone(character) && lead != 0xC2 && lead != 0xE2;
}

/// Bytes of the character at that place when it belongs to a word, else 0; of several bytes in `skipped`.
std::size_t word_part(std::string_view text, std::size_t at, std::size_t& skipped) {
  const auto lead = static_cast<unsigned char>(text[at]);
  skipped = 1;
  if (lead < 0x80) return is_ascii_word(lead) ? 1 : 0;
  skipped = std::max<std::size_t>(base::utf8_length(text.substr(at)), 1);
  return is_long_word(text.substr(at, skipped)) ? skipped : 0;
}

template <class Each>
void each_character(std::string_view text, Each&& each) {
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(base::utf8_length(text), 1);
    each(text.substr(0, length));
    text.remove_prefix(length);
  }
}

bool may_cut(const std::string& text, std::size_t at) {
  return at >= text.size() || base::starts_character(text[at]);
}

}  // namespace

std::string indexed(std::string_view text) {
  // Most texts have nothing to set apart.
  if (std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return std::string(text);
  std::string spaced;
  spaced.reserve(text.size() + text.size() / 8);
  each_character(text, [&](std::string_view character) {
    const bool alone = character.size() > 1 && !is_long_word(character);
    if (alone) spaced += ' ';
    spaced += character;
    if (alone) spaced += ' ';
  });
  return spaced;
}

void each_word(std::string_view folded, const std::function<void(std::string_view)>& each) {
  std::size_t skipped = 0;
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t begin = at;
    while (at < folded.size()) {
      const std::size_t part = word_part(folded, at, skipped);
      if (part == 0) break;
      at += part;
    }
    if (at > begin) each(folded.substr(begin, at - begin));
    if (at < folded.size()) at += skipped;
  }
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  each_word(base::fold_case(text), [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

Facts facts_told(const std::string& type, base::Timestamp at, const model::OptionalText& data) {
  if (!data || (type != "conversation.started" && type != "conversation.updated")) return {};
  const auto event = model::decode_data(type, at, *data);
  if (!event) return {};
  if (const auto* started = std::get_if<model::ConversationStarted>(&event->body))
    return {started->name.value_or(""), started->initial_prompt};
  return {std::get<model::ConversationUpdated>(event->body).name.value_or(""), {}};
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
  while (!may_cut(text, begin)) --begin;
  std::size_t end = std::min(begin + k_window + literals_.front().folded().size(), text.size());
  while (!may_cut(text, end)) ++end;
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

}  // namespace agentpipe::store::sql
