#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/store/search.hpp"
#include "connection.hpp"

namespace agentpipe::store::sqlite {

/// Finds every indexed text with all the terms, and perhaps some more. Nothing when the index cannot tell:
/// what is looked for has no letters, or stands inside of so many words that going through the texts finds it
/// sooner.
base::Result<std::optional<sql::LookUp>> look_up(Database& database, const SearchText& text);

/// "…" as FTS5 reads it; its last word, of the vocabulary, may stand for longer ones.
std::string phrase(std::string_view text, std::string_view last_word = {});

}  // namespace agentpipe::store::sqlite
