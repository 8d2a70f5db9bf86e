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
/// How a body of unknown length ends: by its last chunk, or for HTTP/1.0 with the connection.
enum class Framing : unsigned char { chunked, until_close };
/// The header of an answer whose body comes piece by piece; the connection ends with it.
std::string download_head(const Response& response, std::string_view request_id, std::string_view date,
                          Framing framing);
/// The header of an endless stream of events.
std::string stream_head(std::string_view request_id, std::string_view date);
/// A whole refusal for a connection that we have no room for.
std::string_view overload_reply();

}  // namespace agentpipe::http
