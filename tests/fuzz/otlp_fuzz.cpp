#include "agentpipe/formats/otlp.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"
#include "fuzzing.hpp"

using namespace agentpipe;

/// The body of POST /v1/traces or /v1/logs: whatever is taken consists of events that /api/ingest would take,
/// each span's of one conversation, and the same when it comes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = fuzz::text_of(data, size);
  const auto trace = formats::FUZZ_READ(body, {{}, fuzz::k_received});
  if (!trace) return 0;
  fuzz::hold((trace->rejected == 0) == trace->reason.empty(), "a rejected span has a reason");
  const auto again = formats::FUZZ_READ(body, {{}, fuzz::k_received});
  fuzz::hold(again && again->spans.size() == trace->spans.size(), "the same body gives the same spans");
  for (std::size_t i = 0; i < trace->spans.size(); ++i) {
    const auto& span = trace->spans[i].events;
    fuzz::hold(!span.empty() && span.size() == again->spans[i].events.size(), "a span says something");
    fuzz::hold(trace->spans[i].items > 0, "what is told was sent");
    const auto& id = model::conversation_id(span.front().event);
    for (std::size_t j = 0; j < span.size(); ++j) {
      const auto& event = span[j].event;
      const auto json = model::encode_event(event);
      fuzz::hold(json.size() <= model::k_max_event, "an event has its limit", json);
      fuzz::hold(model::decode_event(json, {}).has_value(), "an event can be read", json);
      fuzz::hold(model::conversation_id(event) == id, "all belongs to one conversation", json);
      fuzz::hold(again->spans[i].events[j].event == event, "the same body gives the same events", json);
    }
  }
  return 0;
}
