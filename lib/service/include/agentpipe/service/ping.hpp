#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"

namespace agentpipe::service {

inline constexpr std::string_view k_ping_type = "diagnostic.ping";

/// `{"nonce":"…"}` becomes the frame `{"type":"diagnostic.ping","timestamp","data":{"nonce"}}`.
base::Result<std::string> diagnostic_ping(std::string_view body, base::Timestamp now);

}  // namespace agentpipe::service
