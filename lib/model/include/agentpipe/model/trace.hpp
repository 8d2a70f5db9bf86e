#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agentpipe/model/event.hpp"

namespace agentpipe::model {

/// An event that a span of a trace tells.
struct SpanEvent {
  /// A model is given the whole history with each call: what it said itself came with earlier spans, and is
  /// needed only where the conversation is new to us.
  enum class Needed : unsigned char { always, by_new_conversation } needed = Needed::always;
  Event event;
};

/// What one span, or the log records of one, say, in order; all of one conversation, and not empty.
using SpanEvents = std::vector<SpanEvent>;

/// What is stored together or not at all.
struct Told {
  SpanEvents events;
  std::uint64_t items = 1;  ///< spans or log records that tell it
};

/// What a request of an exporter of traces or logs holds that belongs to conversations.
struct Trace {
  std::vector<Told> spans;
  std::uint64_t rejected = 0;     ///< spans or records that cannot be read
  std::string reason{};           ///< of the first of them: which, what is wrong and the remedy
  std::uint64_t passed_over = 0;  ///< spans or records that are none of a conversation
};

}  // namespace agentpipe::model
