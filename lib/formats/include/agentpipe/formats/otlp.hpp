#pragma once

#include <cstddef>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/trace.hpp"

namespace agentpipe::formats {

/// Spans with GenAI attributes in one request; exporters send 512 at a time.
inline constexpr std::size_t k_max_spans = 10'000;

/// Reads an ExportTraceServiceRequest (OTLP 1.x, JSON encoding) with the attributes of the GenAI conventions
/// (open-telemetry/semantic-conventions-genai; older names, too). A span that called a model becomes its
/// prompts and answers, any other GenAI span only its error; spans without such attributes are passed over.
/// The conversation is gen_ai.conversation.id, else the trace. Answers are named by trace and span, prompts
/// by what they say, so that what comes again has the same ids. Errors: `invalid`, `too_large`. Thread-safe.
base::Result<model::Trace> read_otlp(std::string_view json, const Origin& origin);

}  // namespace agentpipe::formats
