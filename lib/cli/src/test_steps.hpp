#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/delivery/transport.hpp"

namespace agentpipe::cli {

enum class StepResult : unsigned char { passed, failed, skipped };

/// One part of the way to the server, and what to do when it is blocked.
struct TestStep {
  std::string_view name;
  StepResult result = StepResult::skipped;
  std::optional<base::Milliseconds> took;
  std::string detail;  ///< what was seen, half a sentence
  std::string advice;  ///< empty unless failed
  ExitCode code = ExitCode::ok;
  bool operator==(const TestStep&) const = default;
};

/// What the user asked for, as far as advice depends on it.
struct TestSubject {
  std::string base_url;
  enum class Key : unsigned char { none, given } key = Key::given;
};

/// Reads off one answer to `bridge.test`, received at `now`, how far it came. Steps behind a failure are
/// skipped.
std::vector<TestStep> judge(const TestSubject& subject, const delivery::Response& response,
                            base::Timestamp now);

/// The first failure's; `ok` without one.
ExitCode exit_code(const std::vector<TestStep>& steps);

std::string to_text(const TestSubject& subject, const std::vector<TestStep>& steps);
std::string to_json(const TestSubject& subject, const std::vector<TestStep>& steps);

}  // namespace agentpipe::cli
