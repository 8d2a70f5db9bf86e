#pragma once

#include "agentpipe/service/export.hpp"

namespace agentpipe::cli {

/// What `redact=1` takes out of an export: the secrets that the client knows, and addresses of people.
service::RedactEvent export_redactor();

}  // namespace agentpipe::cli
