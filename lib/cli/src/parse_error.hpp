#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace agentpipe::cli {

/// One sentence for a command line that does not parse, with the word that was probably meant.
std::string explain(const CLI::ParseError& error, const CLI::App& app);

}  // namespace agentpipe::cli
