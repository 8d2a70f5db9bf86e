#include "agentpipe/model/codec.hpp"
#include "fuzzing.hpp"

using namespace agentpipe;

/// The body of POST /api/ingest: whatever is taken is written as it was understood.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto event = model::decode_event(fuzz::text_of(data, size), fuzz::k_received);
  if (!event) {
    fuzz::hold(!event.error().message.empty(), "a refusal has a sentence");
    return 0;
  }
  const auto json = model::encode_event(*event);
  fuzz::hold(json.find('\n') == std::string::npos, "an event is one line", json);
  const auto again = model::decode_event(json, fuzz::k_received);
  fuzz::hold(again.has_value(), "what is written can be read", json);
  fuzz::hold(*again == *event, "what is read again is the same", json);
  return 0;
}
