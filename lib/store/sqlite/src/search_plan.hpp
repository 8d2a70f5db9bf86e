#pragma once

#include <optional>

#include "agentpipe/store/search.hpp"
#include "connection.hpp"

namespace agentpipe::store::sqlite {

/// Finds every indexed text with all the terms, and perhaps some more. Nothing when the index cannot tell:
/// what is looked for has no letters, or stands inside of so many words that going through the texts finds it
/// sooner.
base::Result<std::optional<sql::LookUp>> look_up(Database& database, const SearchText& text);

}  // namespace agentpipe::store::sqlite
