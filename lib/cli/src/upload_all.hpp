#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sessions_found.hpp"
#include "upload_memory.hpp"
#include "upload_run.hpp"

namespace agentpipe::cli {

/// What the server, asked for its name, makes of our memory of it; nothing when it does not answer (whoever
/// sends finds out why) or nothing can be kept.
std::optional<UploadMemory> recall_uploads(const UploadPlan& plan, World& world, const std::stop_token& stop);

/// Makes the inputs of found files: those that are not uploaded yet and, to be read only, uploaded ones that
/// they may hold copies of. The sessions of all others are added to plan.known_sessions; files that were last
/// changed before plan.choice.since have nothing to offer.
void plan_uploads(const std::vector<FoundSource>& found, UploadPlan& plan, const World& world);

}  // namespace agentpipe::cli
