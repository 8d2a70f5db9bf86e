#pragma once

#include "agentpipe/base/result.hpp"
#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/trace.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::otlp {

/// What a span says of a conversation; empty when it says nothing. `resource`: the list of the resource's
/// attributes. Error `invalid`: what is wrong, as the end of a sentence that begins with the span.
base::Result<model::SpanEvents> read_span(const Node& span, const Node& resource, const Origin& origin);

}  // namespace agentpipe::formats::otlp
