#pragma once

#include <cstddef>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/trace.hpp"

namespace agentpipe::formats {

/// Calls of models in one request; exporters send 512 spans at a time.
inline constexpr std::size_t k_max_spans = 10'000;

/// Reads an ExportTraceServiceRequest (OTLP 1.x, JSON encoding) with the attributes of the GenAI conventions
/// (open-telemetry/semantic-conventions-genai; older names, too). A span that called a model becomes its
/// prompts and answers, any other GenAI span only its error; spans without such attributes are passed over.
/// The conversation is gen_ai.conversation.id or session.id, else the trace. Answers are named by trace and
/// span, prompts by what they say, so that what comes again has the same ids. Errors: `invalid`, `too_large`.
/// Thread-safe.
base::Result<model::Trace> read_otlp(std::string_view json, const Origin& origin);

/// The same for an ExportLogsServiceRequest with the events of these conventions: a message each
/// (gen_ai.user.message, gen_ai.choice, …), or a whole call (gen_ai.client.inference.operation.details).
/// Records of one span stand together; what its span tells, too, has the same ids. What Claude Code, Gemini
/// CLI and Codex write in words of their own counts as well (otlp_agents.cpp).
base::Result<model::Trace> read_otlp_logs(std::string_view json, const Origin& origin);

}  // namespace agentpipe::formats
