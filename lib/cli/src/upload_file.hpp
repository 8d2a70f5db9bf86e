#pragma once

#include <stop_token>

#include "upload_run.hpp"
#include "upload_send.hpp"

namespace agentpipe::cli {

/// Reads one input and sends its sessions; `sender` is null for --dry-run. What is chosen away is not in the
/// report.
FileReport upload_file(const Input& input, const SessionChoice& choice, SessionSender* sender, World& world,
                       const std::stop_token& stop);

}  // namespace agentpipe::cli
