#pragma once

#include <string>

namespace agentpipe::cli {

/// What --format takes: "auto|agentpipe-events|…".
std::string format_choices();

/// formats::k_no_known_format with what one can do about it here: "…; name it with --format (…)".
std::string unknown_format();

}  // namespace agentpipe::cli
