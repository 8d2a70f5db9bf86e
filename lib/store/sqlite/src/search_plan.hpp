#pragma once

#include <string>

#include "agentpipe/store/search.hpp"
#include "database.hpp"

namespace agentpipe::store::sqlite {

/// The full-text expression that finds every indexed text with all the terms, and perhaps some more; empty
/// when the index cannot tell: what is looked for has no letters, or stands inside of so many words that
/// going through the texts finds it sooner.
base::Result<std::string> match_expression(Database& database, const SearchText& text);

}  // namespace agentpipe::store::sqlite
