#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/literal.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/event.hpp"
#include "agentpipe/store/search.hpp"

namespace agentpipe::store::sql {

/// What the full-text index gets for a text: characters of scripts that put no spaces between words, and
/// symbols such as emoji, each stand alone, so that any run of them is found as a phrase, and the index's
/// words are those of `each_word`.
std::string indexed(std::string_view text);
/// The words of a text in small letters, in order: runs of letters and digits; what `indexed` sets apart is
/// none.
void each_word(std::string_view folded, const std::function<void(std::string_view)>& each);
std::vector<std::string> words_of(std::string_view text);

/// What an event tells of its session that is to be found; empty: nothing.
struct Facts {
  std::string name, prompt;
};
Facts facts_told(const std::string& type, base::Timestamp at, const model::OptionalText& data);

/// Do all terms stand in it?
class SearchTerms {
 public:
  explicit SearchTerms(const SearchText& text);

  [[nodiscard]] bool in(const std::string& folded) const;
  /// How many places, for ranking.
  [[nodiscard]] std::size_t count(const std::string& folded) const;
  /// Cuts the surroundings of the first place out of the text.
  void excerpt(const std::string& text, const std::string& folded, SearchMatch& match) const;

 private:
  std::vector<base::Literal> literals_;
};

}  // namespace agentpipe::store::sql
