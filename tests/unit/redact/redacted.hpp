#pragma once

#include <string>

#include "agentpipe/redact/redactor.hpp"

namespace agentpipe::test {

/// `text` without what the default patterns find.
inline std::string redacted(std::string text) {
  static const redact::Redactor redactor;
  redactor.redact(text);
  return text;
}

}  // namespace agentpipe::test
