#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/formats/usage.hpp"
#include "otlp_attributes.hpp"

/// What a span says, before it becomes events.
namespace agentpipe::formats::otlp {

inline constexpr std::string_view k_source = "otel";

inline const Names k_output_tokens{"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"};

struct Span {
  std::string trace_id, span_id;  ///< hexadecimal, lower case
  base::Timestamp start, end;     ///< never before `start`
  Attributes attributes;          ///< those of its events, too
  Attributes resource;
  std::string error;       ///< empty: it went well
  std::string call;        ///< names a call in its session that no span names
  std::string_view agent;  ///< type of the agent, where the exporter itself is one
};

/// What a call of a model used.
struct Account {
  std::string model;
  Usage usage;
  model::OptionalDouble cost;  ///< USD, as reported
  model::OptionalInt duration_ms;
};

/// Error `invalid`: the field and what it must be.
base::Result<Span> facts_of(const Node& span, Attributes attributes, const Node& resource);

/// The same of a log record, which may belong to no span: then its ids are empty. `otherwise`: when it was
/// written, unless it says so.
base::Result<Span> facts_of_record(const Node& record, Attributes attributes, const Node& resource,
                                   base::Timestamp otherwise);

/// Names the conversation: two names never become one id.
std::string native_id(const Span& span);

/// The agent that called the model.
struct Speaker {
  std::string id, type;
  model::OptionalText name;
};
Speaker speaker_of(const Span& span);

/// By the attributes of the conventions.
Account account_of(const Span& span);

}  // namespace agentpipe::formats::otlp
