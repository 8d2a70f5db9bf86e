#pragma once

#include <memory>
#include <string>

#include "agentpipe/base/result.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "agentpipe/redact/redactor.hpp"

namespace CLI {
class App;
}

namespace agentpipe::cli {

/// Null: nothing is replaced.
using RedactorPtr = std::shared_ptr<const redact::Redactor>;

/// --no-redact
void add_redaction_flag(CLI::App& app, bool& no_redact);

/// With the patterns of the settings. `configuration` with the place of a pattern that cannot work.
base::Result<RedactorPtr> make_redactor(const config::ClientSettings& settings, bool no_redact);

/// "; 3 secrets replaced (2 openai-key, 1 bearer)" for the end of a summary; empty when there were none.
std::string secrets_note(const redact::Report& report);

}  // namespace agentpipe::cli
