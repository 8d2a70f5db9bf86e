#pragma once

#include <string>
#include <string_view>

namespace agentpipe::http {

/// A list of sessions as a page without scripts. `sessions`: the body of GET /api/sessions.
std::string plain_list(std::string_view sessions, std::string_view base_path);

}  // namespace agentpipe::http
