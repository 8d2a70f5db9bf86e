#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agentpipe::delivery {

/// One record of a batch that the server will never accept.
struct RefusedRecord {
  std::uint64_t n = 0;
  std::string code;
  std::string reason;
};

/// What a body says, as far as the client cares.
struct ParsedAnswer {
  bool is_object = false;     ///< it is JSON, and an object
  bool acknowledges = false;  ///< in a form that our server or the existing one uses for "stored"
  /// The server has everything up to there, or refused it for good ("rejected").
  std::optional<std::uint64_t> acked_n;
  std::optional<std::uint64_t> expected_n;  ///< the server misses earlier records
  std::vector<RefusedRecord> rejected;
  std::string code;    ///< "code"
  std::string reason;  ///< "message", else "details" if that is text, else "error"; one line
};

ParsedAnswer parse_answer(std::string_view body);

}  // namespace agentpipe::delivery
