#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent_session.hpp"

namespace agentpipe::formats {

/// A run that was piped in, and the conversation of an id as this run has told it; null when it is none of
/// its.
struct PipedRun {
  const Origin& origin;
  std::string_view source;
  std::string_view session;  ///< by its tool's id
  std::function<AgentSession*(const std::string& conversation)> find;
};

/// For its beginning: tells the prompt, which standard output does not show, as the session's files on this
/// machine have it. Nothing when they do not, or only earlier ones.
void tell_prompt(const PipedRun& run, Sink& sink);

/// For its end: tells what standard output did not know and those files do. That is the session's name, and
/// what answers used, which some tools print before they know it: those messages come again, marked with
/// model::k_account_again, and the server keeps the larger account.
void supplement(const PipedRun& run, Sink& sink);

}  // namespace agentpipe::formats
