#pragma once

#include <string>

#include "agentpipe/base/result.hpp"
#include "agentpipe/model/logged.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// Takes a session away with all its rows and its part of the log, and leaves a tombstone with the number of
/// the event that says so.
base::Result<void> remove_session(Database& database, std::int64_t session_pk, const std::string& id,
                                  model::LogNumber deletion);

/// The id of a deleted conversation may be used again; the log still tells of the deletion.
base::Result<void> free_id(Database& database, const std::string& id);

/// `gone` when the conversation of that id was deleted.
base::Result<void> refuse_deleted(Database& database, const std::string& id);
/// The number of the latest deletion of that id in the log; 0 when there was none.
base::Result<model::LogNumber> deletion_of(Database& database, const std::string& id);

}  // namespace agentpipe::store::sql
