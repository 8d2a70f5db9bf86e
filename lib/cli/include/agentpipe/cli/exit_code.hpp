#pragma once

#include <span>
#include <string_view>

#include "agentpipe/base/result.hpp"

namespace agentpipe::cli {

/// What the process says to whoever started it (sysexits.h where it has a word for it).
enum class ExitCode : unsigned char {
  ok = 0,
  failure = 1,
  usage = 2,
  refused = 65,      ///< input or events refused; dead letters exist
  unreachable = 69,  ///< no server there
  data_lost = 74,
  spooled = 75,  ///< safe on disk, not yet delivered
  key_refused = 77,
  configuration = 78,
  interrupted = 130,
};

struct ExitCodeHelp {
  ExitCode code;
  std::string_view meaning;
};

/// Every exit code with its sentence, for --help and the man page.
std::span<const ExitCodeHelp> exit_codes();

/// The exit code that an error stands for; a usage_error() is `usage`.
ExitCode exit_code_of(const base::Error& error);

/// A command line that cannot be meant: exit code 2 and this one sentence.
[[nodiscard]] tl::unexpected<base::Error> usage_error(std::string message);

}  // namespace agentpipe::cli
