#pragma once

#include <cstdint>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/model/event.hpp"
#include "database.hpp"

namespace agentpipe::store::sql {

/// The participants of one session, in their order.
base::Result<std::vector<model::Participant>> read_participants(Database& database, std::int64_t session_pk);
base::Result<void> add_participant(Database& database, std::int64_t session_pk, std::int64_t ordinal,
                                   const model::Participant& participant);
base::Result<void> replace_participants(Database& database, std::int64_t session_pk,
                                        const std::vector<model::Participant>& participants);
base::Result<void> set_participant_model(Database& database, std::int64_t session_pk,
                                         const std::string& agent_id, const std::string& model);

}  // namespace agentpipe::store::sql
