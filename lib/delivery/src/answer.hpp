#pragma once

#include <string>
#include <string_view>

namespace agentpipe::delivery {

/// What a body says, as far as the client cares.
struct ParsedAnswer {
  bool is_object = false;     ///< it is JSON, and an object
  bool acknowledges = false;  ///< in a form that our server or the existing one uses for "stored"
  bool gap = false;           ///< "expected_n": the server misses earlier records
  std::string code;           ///< "code"
  std::string reason;         ///< "message", else "details" if that is text, else "error"; one line
};

ParsedAnswer parse_answer(std::string_view body);

}  // namespace agentpipe::delivery
