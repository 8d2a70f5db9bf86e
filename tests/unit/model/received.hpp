#pragma once

#include "agentpipe/base/time.hpp"

namespace agentpipe::test {

/// When the server got what is decoded here.
inline const base::Timestamp k_received = *base::parse_rfc3339("2026-01-05T09:00:00Z");

}  // namespace agentpipe::test
