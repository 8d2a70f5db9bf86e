#pragma once

#include <string>
#include <string_view>

namespace agentpipe::http {

/// For a server built without the browser pages: a list of sessions in HTML. `sessions`: the body of
/// GET /api/sessions.
std::string plain_page(std::string_view sessions, std::string_view base_path);

}  // namespace agentpipe::http
