#pragma once

#include <optional>

#include "pg_connection.hpp"

namespace agentpipe::store::postgres {

/// The indexes are kept by the database itself: all that is logged is in them.
base::Result<model::LogNumber> indexed_to(sql::Database& database);

/// Texts with the terms' ASCII characters, by the indexes of pieces; any other character matches any, which
/// finds some more. A short term reads all texts.
base::Result<std::optional<sql::LookUp>> look_up(sql::Database& database, const SearchText& text);

/// Nothing to do.
base::Result<void> unindex_session(sql::Database& database, std::int64_t session_pk);

}  // namespace agentpipe::store::postgres
