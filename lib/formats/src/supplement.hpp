#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent_session.hpp"

namespace agentpipe::formats {

/// For the end of a run that was piped in: tells what standard output did not know and the session's files on
/// this machine do. That is the session's name, and what answers used, which some tools print before they
/// know it: those messages come again, marked with model::k_account_again, and the server keeps the larger
/// account. `find`: the conversation of that id as this run told it; null when it is none of this run's.
void supplement(const Origin& run, std::string_view source, std::string_view session,
                const std::function<AgentSession*(const std::string& conversation)>& find, Sink& sink);

}  // namespace agentpipe::formats
