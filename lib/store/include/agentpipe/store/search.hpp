#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentpipe/model/logged.hpp"
#include "agentpipe/model/records.hpp"
#include "agentpipe/store/sessions.hpp"

namespace agentpipe::store {

enum class SearchOrder : unsigned char {
  newest,  ///< by the newest hit; goes on by cursor
  rank,    ///< best of the newest few thousand hits, of a session the newest 100; one page
};

/// Words that must all stand in one text (a message, a name, a prompt), each literally, in any case (of
/// letters of one or two bytes), also inside of longer words; "several words" in quotes stand in that order.
struct SearchText {
  std::vector<std::string> terms;
};

enum class MatchField : unsigned char { message, name, prompt };

struct SearchMatch {
  MatchField field = MatchField::message;
  std::string message_id;  // empty for names and prompts, as the next two
  std::int64_t sequence = 0;
  std::string agent_name;
  base::Timestamp at;
  std::string excerpt;                                      ///< the surroundings of the first place
  std::vector<std::pair<std::size_t, std::size_t>> places;  ///< start and length in the excerpt, in order
};

struct SearchResult {
  model::Session session;
  std::int64_t hits = 0;             ///< of those that were looked at, the newest 100 at most
  std::vector<SearchMatch> matches;  ///< at most three, newest first
};

struct SearchQuery {
  SearchText text;
  SessionQuery sessions;  // only its filters count
  SearchOrder order = SearchOrder::newest;
  model::LogNumber before = 0;  // 0: from the newest on
  std::int64_t limit = 20;
  std::function<bool()> time_is_up = {};  // asked at each text; the page ends there
};

struct SearchPage {
  std::vector<SearchResult> results;
  std::optional<model::LogNumber> next;  ///< go on before this number; nothing at the end
};

}  // namespace agentpipe::store
