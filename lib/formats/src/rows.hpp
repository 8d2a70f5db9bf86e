#pragma once

#include <memory>
#include <string_view>

#include "agentpipe/formats/reader.hpp"

/// What each format's file offers to the table.
namespace agentpipe::formats {

bool is_agentpipe_events(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_events(const Origin& origin);

bool is_agentpipe_state(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_state(const Origin& origin);

bool is_agentpipe_export(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_export(const Origin& origin);

bool is_agentpipe_chatlog(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_agentpipe_chatlog(const Origin& origin);

bool is_session_upload(std::string_view head, const Origin& origin);
std::unique_ptr<Reader> open_session_upload(const Origin& origin);

}  // namespace agentpipe::formats
