#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"

namespace agentpipe::model {

/// Parses JSON and owns what the elements point into; one per thread is reused, so an element lives until the
/// next parse() on the same document.
class JsonDocument {
 public:
  JsonDocument();
  /// Escaped NULs and lone surrogates become U+FFFD first: PostgreSQL cannot store the former, UTF-8 not the
  /// latter, and a sender that got an error for them would lose the event.
  base::Result<simdjson::dom::element> parse(std::string_view json);

  /// This thread's own.
  static JsonDocument& of_thread();

 private:
  std::string buffer_;
  simdjson::dom::parser parser_;
};

}  // namespace agentpipe::model
