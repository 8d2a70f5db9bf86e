#include "redaction.hpp"

#include <CLI/CLI.hpp>

namespace agentpipe::cli {

void add_redaction_flag(CLI::App& app, bool& no_redact) {
  app.add_flag("--no-redact", no_redact,
               "Send secrets (keys, tokens, passwords) as they stand, instead of [redacted:kind]");
}

base::Result<RedactorPtr> make_redactor(const config::ClientSettings& settings, bool no_redact) {
  if (no_redact) return RedactorPtr();
  if (settings.redact_patterns.size() > redact::k_max_own_patterns) {
    return base::failure(base::ErrorCode::configuration,
                         settings.file.string() + ": redact.patterns has more than 50 items");
  }
  std::vector<redact::OwnPattern> own;
  for (const auto& [kind, pattern] : settings.redact_patterns) {
    own.push_back({*kind, *pattern});
    if (const auto checked = redact::check(own.back()); !checked) {
      const auto& at = checked.error().message.starts_with("kind") ? kind.origin : pattern.origin;
      return base::failure(base::ErrorCode::configuration,
                           config::to_string(at) + ": redact.patterns: " + checked.error().message);
    }
  }
  return std::make_shared<const redact::Redactor>(own);
}

std::string secrets_note(const redact::Report& report) {
  return report.empty() ? std::string() : "; " + sentence(report);
}

}  // namespace agentpipe::cli
