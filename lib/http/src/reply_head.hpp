#pragma once

#include <string>
#include <string_view>

#include "agentpipe/http/response.hpp"

namespace agentpipe::http {

enum class Persistence : unsigned char { keep_alive, close };

/// The header of an answer as it goes out, empty line included.
/// `date`: an IMF-fixdate.
std::string reply_head(const Response& response, std::string_view request_id, std::string_view date,
                       Persistence persistence);
/// The header of an endless stream of events.
std::string stream_head(std::string_view request_id, std::string_view date);
/// A whole refusal for a connection that we have no room for.
std::string_view overload_reply();

}  // namespace agentpipe::http
