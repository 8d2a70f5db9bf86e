#pragma once

#include "agentpipe/http/routes.hpp"

namespace agentpipe::http {

/// POST /api/signin {"api_key"}: trades a key for a cookie, because EventSource cannot send headers.
Handler sign_in_handler(const Site& site);
/// POST /api/signout: the cookie is worth nothing any more.
Handler sign_out_handler(const Site& site);

/// Name of the cookie. With TLS its prefix makes browsers refuse what a neighbouring host sets (RFC
/// 6265bis, 4.1.3).
std::string_view cookie_name(Transport transport);

}  // namespace agentpipe::http
