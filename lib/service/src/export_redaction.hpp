#pragma once

#include "agentpipe/model/records.hpp"
#include "agentpipe/service/export.hpp"

namespace agentpipe::service {

/// Takes the secrets out of all that a session says of itself.
void redact_session(model::Session& session, const RedactEvent& redact);
void redact_message(model::Message& message, const RedactEvent& redact);

}  // namespace agentpipe::service
